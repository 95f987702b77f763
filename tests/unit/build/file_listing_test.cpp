#include "digest/build/file_listing.hpp"

#include <gtest/gtest.h>

namespace broadsheet {
namespace {

Paper paper_of(const char* id, std::optional<const char*> listed, std::optional<const char*> published) {
  Paper out;
  out.id = *PaperId::parse(id);
  out.categories = {"cs.CL"};
  if (listed) out.listed = parse_day(*listed);
  if (published) out.published = parse_iso(*published);
  return out;
}

std::size_t announced(const std::vector<Paper>& papers, const char* day) {
  return batches_of(papers, {*Category::parse("cs.CL")}, *parse_day(day), {}).front().listing.entries.size();
}

TEST(FileListing, InventsNoDayForRecordsWithoutOne) {
  std::vector<Paper> papers = {paper_of("2512.00001", {}, "2025-12-04T10:00:00Z"), paper_of("2512.00002", {}, {}),
                               paper_of("2512.00003", "2025-12-05", "2025-12-01T10:00:00Z")};
  EXPECT_EQ(announced(papers, "2025-12-05"), 2U);
  EXPECT_EQ(announced(papers, "2030-01-01"), 0U);
  EXPECT_EQ(announced(papers, "2025-12-02"), 0U) << "what a record says goes before when it was submitted";
}

TEST(FileListing, SaysWhenItRestsOnSubmissionTimes) {
  auto note = [](const Paper& paper) {
    return batches_of({paper}, {*Category::parse("cs.CL")}, *parse_day("2025-12-05"), {}).front().listing.from.note;
  };
  EXPECT_NE(note(paper_of("2512.00001", {}, "2025-12-04T10:00:00Z")).find("by submission time"), std::string::npos);
  EXPECT_EQ(note(paper_of("2512.00001", "2025-12-05", {})), "");
}

TEST(FileListing, TakesTheWindowThatEndsAtTwoInTheAfternoonEastern) {
  EXPECT_EQ(listing_day_of(paper_of("2512.00001", {}, "2025-12-04T18:59:59Z")), parse_day("2025-12-05"));
  EXPECT_EQ(listing_day_of(paper_of("2512.00001", {}, "2025-12-04T19:00:00Z")), parse_day("2025-12-08"));
  EXPECT_FALSE(listing_day_of(paper_of("2512.00001", {}, {})));
}

}  // namespace
}  // namespace broadsheet

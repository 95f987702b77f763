#include "bot/pages/markup.hpp"

#include "bot/http/url.hpp"
#include "digest/present/frame.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::pages {
namespace {

using present::Html;

// Opens the page's one article, with its heading.
Html begin(const std::string& title) {
  auto page = present::begin_page("en", title + " · Broadsheet", "/");
  present::dateline(page, "arXiv, chosen and explained", "");
  return std::move(page.open("main", {{"id", "content"}, {"class", "plain"}}).leaf("h1", title));
}

std::string end(Html page) {
  page.close("main").open("footer");
  present::end_page(page);
  return page.take();
}

}  // namespace

std::string archive_page(const std::vector<store::DigestRef>& digests) {
  auto page = begin("Digests");
  if (digests.empty()) page.leaf("p", "There is no digest yet. The first one appears here when it is written.");
  page.open("ul");
  for (const auto& digest : digests) {
    if (digest.key.categories.empty()) continue;
    auto category = digest.key.categories.front().str();
    auto address = "/d/" + http::percent_encode(category) + "/" + to_string(digest.key.day);
    std::string names;
    for (const auto& c : digest.key.categories) names += (names.empty() ? "" : ", ") + c.str();
    page.open("li").leaf("a", names + ", " + long_date(digest.key.day), {{"href", address}});
    page.leaf("span", " " + std::to_string(digest.shown) + " of " + std::to_string(digest.announced) + " papers",
              {{"class", "authors"}});
    page.close("li");
  }
  page.close("ul");
  return end(std::move(page));
}

std::string paper_page(const Paper& paper) {
  auto page = begin(paper.title);
  page.leaf("p", present::author_line(paper), {{"class", "authors"}});
  std::string categories;
  for (const auto& category : paper.categories) categories += (categories.empty() ? "" : " · ") + category;
  page.leaf("p", categories + " · " + paper.versioned().str(), {{"class", "authors"}});
  if (paper.withdrawn) page.leaf("p", "This paper was withdrawn.");
  page.leaf("p", paper.abstract);
  if (!paper.comment.empty()) page.leaf("p", paper.comment, {{"class", "authors"}});
  page.open("p").leaf("a", "Abstract page", {{"href", abs_url(paper.versioned())}}).text(" · ");
  page.leaf("a", "PDF", {{"href", pdf_url(paper.versioned())}}).close("p");
  return end(std::move(page));
}

std::string sentence_page(const std::string& title, const std::string& sentence) {
  auto page = begin(title);
  page.leaf("p", sentence);
  return end(std::move(page));
}

}  // namespace broadsheet::pages

#include "bot/pages/markup.hpp"

#include "bot/net/url.hpp"
#include "digest/present/html_builder.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::pages {
namespace {

using present::Html;

constexpr const char* kStyle =
    "<style>body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.55 Georgia,serif;"
    "color:#1c1b19;background:#fdfcf9}a{color:#7a1f1f}h1{line-height:1.2}.meta{color:#5d5a54;font-size:.9rem}"
    "@media(prefers-color-scheme:dark){body{color:#e8e5de;background:#191817}a{color:#e9a29a}.meta{color:#a39f96}}"
    "</style>";

Html begin(const std::string& title) {
  Html page;
  page.trusted("<!doctype html>\n").open("html", {{"lang", "en"}}).open("head");
  page.trusted("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
  page.leaf("title", title).trusted(kStyle).close("head").open("body");
  page.leaf("p", "", {{"class", "meta"}}).leaf("a", "Broadsheet", {{"href", "/"}}).leaf("h1", title);
  return page;
}

std::string end(Html page) {
  return page.close("body").close("html").take();
}

}  // namespace

std::string archive_page(const std::vector<store::Store::DigestRef>& digests) {
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
              {{"class", "meta"}});
    page.close("li");
  }
  page.close("ul");
  return end(std::move(page));
}

std::string paper_page(const Paper& paper) {
  auto page = begin(paper.title);
  page.leaf("p", present::author_line(paper), {{"class", "meta"}});
  std::string categories;
  for (const auto& category : paper.categories) categories += (categories.empty() ? "" : " · ") + category;
  page.leaf("p", categories + " · " + paper.versioned().str(), {{"class", "meta"}});
  if (paper.withdrawn) page.leaf("p", "This paper was withdrawn.");
  page.leaf("p", paper.abstract);
  if (!paper.comment.empty()) page.leaf("p", paper.comment, {{"class", "meta"}});
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

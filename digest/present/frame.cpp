#include "digest/present/frame.hpp"

#include "embedded/page_css.hpp"

namespace broadsheet::present {

Html begin_page(std::string_view language, std::string_view title, std::string_view home) {
  Html h;
  h.trusted("<!DOCTYPE html>\n").open("html", {{"lang", language}}).open("head");
  h.trusted("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
  h.trusted("<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">");
  h.leaf("title", title).open("style").trusted(embedded::page_css).close("style").close("head").trusted("\n");
  h.open("body").leaf("a", "Skip to the content", {{"class", "skip"}, {"href", "#content"}});
  h.open("header", {{"class", "masthead"}}).open("p", {{"class", "name"}});
  if (home.empty())
    h.text("Broadsheet");
  else
    h.leaf("a", "Broadsheet", {{"href", home}});
  h.close("p");
  return h;
}

void dateline(Html& page, std::string_view left, std::string_view right) {
  page.open("p", {{"class", "dateline"}})
      .leaf("span", left)
      .leaf("span", right)
      .close("p")
      .close("header")
      .trusted("\n");
}

void end_page(Html& page) {
  page.leaf("p", "Thank you to arXiv for use of its open access interoperability. Not reviewed or approved by arXiv.");
  page.close("footer").close("body").close("html").trusted("\n");
}

}  // namespace broadsheet::present

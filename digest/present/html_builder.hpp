// Building HTML: text and attributes are escaped here and nowhere else, so nothing can be forgotten.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace broadsheet::present {

class Html {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  Html& open(std::string_view tag, Attributes attributes = {});
  Html& close(std::string_view tag);
  Html& text(std::string_view text);
  // <tag …>text</tag>
  Html& leaf(std::string_view tag, std::string_view text, Attributes attributes = {});
  // Our own markup or style sheet, never foreign text.
  Html& trusted(std::string_view markup);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace broadsheet::present

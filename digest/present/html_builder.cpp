#include "digest/present/html_builder.hpp"

namespace broadsheet::present {
namespace {

void escape(std::string& out, std::string_view s) {
  for (char c : s) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

Html& Html::open(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (const auto& [name, value] : attributes) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    escape(out_, value);
    out_ += '"';
  }
  out_ += '>';
  return *this;
}

Html& Html::close(std::string_view tag) {
  out_ += "</";
  out_ += tag;
  out_ += '>';
  return *this;
}

Html& Html::text(std::string_view text) {
  escape(out_, text);
  return *this;
}

Html& Html::leaf(std::string_view tag, std::string_view text, Attributes attributes) {
  return open(tag, attributes).text(text).close(tag);
}

Html& Html::trusted(std::string_view markup) {
  out_ += markup;
  return *this;
}

}  // namespace broadsheet::present

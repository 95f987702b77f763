#include "digest/latex/chemistry.hpp"

#include <array>
#include <utility>

#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"

namespace broadsheet::latex {
namespace {

constexpr auto kArrows = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"<=>>", "⇌"}, {"<<=>", "⇌"}, {"<-->", "⇄"}, {"<=>", "⇌"}, {"<->", "↔"}, {"->", "→"}, {"<-", "←"}});

class Formula {
 public:
  Formula(std::string_view source, const std::function<std::string(std::string_view)>& maths)
      : s_(source), maths_(maths) {}

  std::string read() {
    while (i_ < s_.size()) step();
    return std::move(out_);
  }

 private:
  char before() const { return i_ == 0 ? ' ' : s_[i_ - 1]; }
  char peek(std::size_t ahead) const { return i_ + ahead < s_.size() ? s_[i_ + ahead] : ' '; }
  bool after_atom() const { return is_letter(before()) || before() == ')' || before() == ']' || before() == '}'; }

  void step() {
    char c = s_[i_];
    for (auto [arrow, shown] : kArrows)
      if (s_.substr(i_, arrow.size()) == arrow) return i_ += arrow.size(), labels(shown);
    if (is_digit(c) && after_atom()) return count();
    bool ends = peek(1) == ' ' || peek(1) == ']' || peek(1) == ')' || peek(1) == '$';
    if ((c == '+' || c == '-') && ends && (after_atom() || is_digit(before()))) {
      ++i_;
      out_ += c == '+' ? "⁺" : "⁻";
    } else if (c == '^' || c == '_') {
      ++i_;
      auto content = maths_(script_source());
      out_ += c == '^' ? superscript(content) : subscript(content);
    } else if (c == '$' || c == '\\') {
      other(c);
    } else if (c == '*' || (c == '.' && !is_digit(peek(1)))) {
      ++i_;
      out_ += "·";
    } else {
      ++i_;
      if (c != '{' && c != '}') out_ += c == '#' ? "≡" : std::string(1, c);
    }
  }

  // ->[above][below]
  void labels(std::string_view arrow) {
    out_ += arrow;
    for (int n = 0; n < 2 && i_ < s_.size() && s_[i_] == '['; ++n) {
      auto close = s_.find(']', i_);
      if (close == std::string_view::npos) return;
      auto label = maths_(s_.substr(i_ + 1, close - i_ - 1));
      out_ += n == 0 ? superscript(label) : subscript(label);
      i_ = close + 1;
    }
  }

  void count() {
    auto end = i_;
    while (end < s_.size() && is_digit(s_[end])) ++end;
    out_ += subscript(s_.substr(i_, end - i_));
    i_ = end;
  }

  // After ^ or _: a group, or a charge such as 2-.
  std::string script_source() {
    if (auto end = skip_group(s_, i_); end != i_) {
      auto out = std::string(s_.substr(i_ + 1, end - i_ - 2));
      i_ = end;
      return out;
    }
    auto end = i_;
    while (end < s_.size() && (is_digit(s_[end]) || s_[end] == '+' || s_[end] == '-')) ++end;
    if (end == i_) end += first_character(s_.substr(i_)).size();
    auto out = std::string(s_.substr(i_, end - i_));
    i_ = end;
    return out;
  }

  // A formula of maths or a command in it.
  void other(char c) {
    auto end = c == '$' ? s_.find('$', i_ + 1) : i_ + 1 + command_name(s_, i_).size();
    if (c == '\\') {
      end = skip_group(s_, end);
      out_ += maths_(s_.substr(i_, end - i_));
      i_ = end;
      return;
    }
    if (end == std::string_view::npos) end = s_.size();
    out_ += maths_(s_.substr(i_ + 1, end - i_ - 1));
    i_ = end + 1;
  }

  std::string_view s_;
  const std::function<std::string(std::string_view)>& maths_;
  std::size_t i_ = 0;
  std::string out_;
};

}  // namespace

std::string chemistry(std::string_view source, const std::function<std::string(std::string_view)>& maths) {
  return Formula(source, maths).read();
}

}  // namespace broadsheet::latex

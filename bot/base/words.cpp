#include "bot/base/words.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "bot/base/text.hpp"

namespace broadsheet::text {
namespace {

struct Spelling {
  UChar32 letter;
  std::string_view usual;
};
// Lower-case letters without a decomposition, as names are typed where they are missing.
constexpr std::array<Spelling, 12> kSpellings{{{U'ł', "l"},
                                               {U'ø', "o"},
                                               {U'đ', "d"},
                                               {U'ð', "d"},
                                               {U'þ', "th"},
                                               {U'æ', "ae"},
                                               {U'œ', "oe"},
                                               {U'ı', "i"},
                                               {U'ȷ', "j"},
                                               {U'ħ', "h"},
                                               {U'ŧ', "t"},
                                               {U'ŋ', "n"}}};

bool is_mark(UChar32 c) {
  return (U_GET_GC_MASK(c) & U_GC_MN_MASK) != 0;
}
bool is_letter(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_CO_MASK)) != 0;
}

icu::UnicodeString decomposed(const icu::UnicodeString& s) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfkd = icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) return s;
  auto out = nfkd->normalize(s, status);
  return U_SUCCESS(status) ? out : s;
}

// "½" and "⑴" are one character of a word and stay it: their compatibility forms hold signs that part words.
bool stays_whole(UChar32 c, const icu::UnicodeString& forms) {
  for (int32_t i = 0; i < forms.length(); i = forms.moveIndex32(i, 1))
    if (is_letter(c) && !is_letter(forms.char32At(i)) && !is_mark(forms.char32At(i))) return true;
  return false;
}

std::string folded_form(UChar32 c) {
  auto forms = decomposed(decomposed(icu::UnicodeString(c)).foldCase());
  if (stays_whole(c, forms)) forms = icu::UnicodeString(c).foldCase();
  std::string out;
  icu::UnicodeString rest;
  for (int32_t i = 0; i < forms.length(); i = forms.moveIndex32(i, 1)) {
    auto part = forms.char32At(i);
    const auto* known =
        std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& s) { return s.letter == part; });
    if (known != kSpellings.end())
      rest.append(icu::UnicodeString::fromUTF8(
          icu::StringPiece(known->usual.data(), static_cast<int32_t>(known->usual.size()))));
    else if (!is_mark(part))
      rest.append(part);
  }
  rest.toUTF8String(out);
  return nfc(out);  // Hangul syllables again
}

struct Form {
  std::string folded;
  bool parts = false;  // words
};

// Texts use few letters beyond ASCII; what they use is worked out once.
const Form& form_of(UChar32 c) {
  constexpr std::size_t kMost = 8192;
  thread_local std::unordered_map<UChar32, Form> known;
  if (auto it = known.find(c); it != known.end()) return it->second;
  if (known.size() >= kMost) known.clear();
  Form form{.folded = folded_form(c), .parts = !is_letter(c) && !is_mark(c)};
  return known.emplace(c, std::move(form)).first->second;
}

// Lower-case letter or digit, or 0.
constexpr std::array<char, 128> kAscii = [] {
  std::array<char, 128> out{};
  for (int c = '0'; c <= '9'; ++c) out[static_cast<std::size_t>(c)] = static_cast<char>(c);
  constexpr std::size_t kCase = 'a' - 'A';
  for (std::size_t c = 'a'; c <= 'z'; ++c) out[c] = out[c - kCase] = static_cast<char>(c);
  return out;
}();

}  // namespace

std::string fold(std::string_view s) {
  std::string out;
  const auto size = static_cast<int32_t>(s.size());
  for (int32_t i = 0; i < size;) {
    auto byte = static_cast<unsigned char>(s[static_cast<std::size_t>(i)]);
    if (byte < 0x80) {
      auto lower = kAscii.at(byte);
      out += lower != 0 ? lower : static_cast<char>(byte);
      ++i;
      continue;
    }
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(s.data(), i, size, c);
    out += form_of(c).folded;
  }
  return out;
}

// Takes one character; false when it ends a word.
bool WordReader::take() {
  auto byte = static_cast<unsigned char>(text_[at_]);
  if (byte < 0x80) {
    auto lower = kAscii.at(byte);
    if (lower == 0) return false;
    start(at_++);
    word_ += lower;
    return true;
  }
  auto next = static_cast<int32_t>(at_);
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(text_.data(), next, static_cast<int32_t>(text_.size()), c);
  const auto& form = form_of(c);
  if (form.parts) return false;
  if (!form.folded.empty()) start(at_);
  at_ = static_cast<std::size_t>(next);
  word_ += form.folded;
  return true;
}

void WordReader::start(std::size_t at) {
  if (word_.empty()) begin_ = at;
}

bool WordReader::next() {
  word_.clear();
  while (at_ < text_.size()) {
    if (take()) continue;
    if (!word_.empty()) break;
    U8_FWD_1(text_.data(), at_, text_.size());
  }
  end_ = at_;
  return !word_.empty();
}

std::vector<std::string> index_words(std::string_view s) {
  std::vector<std::string> out;
  for (WordReader reader(s); reader.next();) out.push_back(reader.word());
  return out;
}

}  // namespace broadsheet::text

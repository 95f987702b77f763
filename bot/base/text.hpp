// UTF-8 text: checks, normalisation and breaking. ICU sits behind this header and words.hpp; nobody else includes it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::text {

bool is_valid_utf8(std::string_view s);
// Replaces each invalid byte sequence by U+FFFD.
std::string make_valid_utf8(std::string_view s);
// NFC. Input must be valid UTF-8; ASCII is returned without work.
std::string nfc(std::string_view s);
std::string lower_ascii(std::string_view s);
// Byte offsets of grapheme boundaries, first 0, last s.size().
std::vector<std::size_t> grapheme_breaks(std::string_view s);
std::size_t utf16_length(std::string_view s);
std::size_t code_points(std::string_view s);
// At most `max` graphemes; cut at a word when one ends near, with "…" appended if anything was cut.
std::string ellipsize(std::string_view s, std::size_t max);
// Collapses every run of white space to one space and trims.
std::string collapse_space(std::string_view s);
std::string_view trim(std::string_view s);
// Views into `s`; a temporary string, which would be gone in a range-for, is refused.
std::vector<std::string_view> split(std::string_view s, char separator);
std::vector<std::string_view> split(std::string&& s, char separator) = delete;
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// & < > " ' as entities: safe in HTML's and XML's text and inside a quoted attribute.
std::string escape_html(std::string_view s);
// Edit distance (Damerau, restricted), for "did you mean"; stops early above `limit` and returns limit + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);
// The nearest of `candidates` within distance `limit`, or empty.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates, std::size_t limit = 2);

}  // namespace broadsheet::text

// LaTeX to display text: titles, author names and abstracts as arXiv delivers them become plain Unicode (contracts:
// arXiv 9, thirteen rules with vectors). Never expands macros, never throws, never loses text; time is linear in the
// input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace broadsheet::latex {

enum class Mode : std::uint8_t { title, author, abstract };

// The display form: NFC, no control, zero-width or bidi-override characters. Title and author: one line. Abstract: a
// newline for each paragraph break. Input should be UTF-8; invalid bytes become U+FFFD.
std::string to_display(std::string_view tex, Mode mode);

}  // namespace broadsheet::latex

// In which language a text is written, as far as a field needs it: by its script, and for Latin letters by the small
// words that every sentence has. Pure.
#pragma once

#include <array>
#include <string_view>

namespace broadsheet::model_writer {

struct Language {
  std::string_view code, name;
  std::string_view none_stated;  // of limitations
  std::string_view further;      // heads the papers that belong to no theme
  std::string_view papers;       // stands before names of papers
};
// Those that can be written and checked.
inline constexpr std::array<Language, 6> kLanguages{{
    {"en", "English", "None stated in the abstract.", "Further papers", "Papers: "},
    {"zh", "Simplified Chinese", "摘要未说明。", "其他论文", "论文："},
    {"de", "German", "In der Kurzfassung nicht genannt.", "Weitere Arbeiten", "Arbeiten: "},
    {"ja", "Japanese", "要旨には記載がありません。", "その他の論文", "論文："},
    {"fr", "French", "Non précisées dans le résumé.", "Autres articles", "Articles : "},
    {"es", "Spanish", "No se indican en el resumen.", "Otros artículos", "Artículos: "},
}};
// Null for what is not among them. "zh-CN" is zh.
const Language* find_language(std::string_view code);

// True if the text is not in that language. Short texts are judged by their script alone.
bool in_other_language(std::string_view text, const Language& language);
// Words, or for scripts without blanks the words that its characters stand for (two to a word).
std::size_t word_length(std::string_view text);

}  // namespace broadsheet::model_writer

// Words and phrases that tell what a sentence does or leans on (cues.tsv).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace broadsheet::write {

enum class Cue : std::uint8_t {
  opening,    // a whole opening up to its comma that carries nothing: "moreover"
  contrast,   // the same, with a contrast to the sentence before: "however"
  document,   // what a paper calls itself: "survey"
  pointing,   // begins an opening that may only point back: "based on"
  heading,    // of structured abstracts: "methods"
  leaning,    // begins a sentence that says little without the one before: "it"
  reporting,  // what a paper calls its results: "findings"
  showing,    // verbs between those and what was found: "show"
  amounting,  // verbs of a measured result: "outperforms"
};

// `folded` is one of the kind, whole. Thread-safe, as all here.
bool is_cue(Cue kind, std::string_view folded);
// The longest of the kind that `folded` begins with, up to the end of a word; empty: none.
std::string_view begins_with_cue(Cue kind, std::string_view folded);

}  // namespace broadsheet::write

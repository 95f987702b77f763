// What a reader cares about, from plain language: "3D and gaussian splatting, but not surveys. I do not care about
// language models." Wishes are single words, phrases, or several that belong together ("reinforcement learning for
// robots"); a refusal is never a like. Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "digest/select/vocabulary.hpp"

namespace broadsheet::select {

// A phrase in its forms: as written, and with short forms in place of what they stand for.
struct Phrase {
  std::vector<std::vector<Word>> forms;
  std::vector<std::vector<Word>> kin;  // by which papers on the same subject also go; likes only
};

struct Wish {
  std::string text;             // as the reader wrote it
  std::vector<Phrase> phrases;  // a paper is what was wished for if it has all of them; never empty
  bool quoted = false;          // only as it stands, word for word
};

struct Interests {
  std::vector<Wish> likes, dislikes;  // in the order of the text, without repeats
};

// At most kMostWishes of each kind and the first kMostInterestBytes of the text are read.
constexpr std::size_t kMostWishes = 64, kMostInterestBytes = 4000;
Interests parse_interests(std::string_view text);
// The profile as it was understood: "for 3D, gaussian splatting; not for surveys". Empty if there is none.
std::string in_words(const Interests& interests);

}  // namespace broadsheet::select

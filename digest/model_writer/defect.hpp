// Why a text of a model is not shown. Each is counted under its name.
#pragma once

#include <cstdint>
#include <string_view>

namespace broadsheet::model_writer {

enum class Defect : std::uint8_t {
  none,
  schema,    // missing, of another type
  evidence,  // no, too many or unknown sentences or papers
  length,
  characters,  // not UTF-8, controls, characters that nobody sees
  link,
  mention,
  markup,
  chatter,
  instruction,  // orders to whoever reads
  leak,         // of our own instructions
  copied,       // title, authors or most of the abstract
  language,
  number,
  name,
  claim,
  hedge,
  direction,
  negation,
  overlap,  // says too little of what the source says
};
std::string_view to_string(Defect defect);
// For the model that made it: one sentence, in our words.
std::string_view advice(Defect defect);

}  // namespace broadsheet::model_writer

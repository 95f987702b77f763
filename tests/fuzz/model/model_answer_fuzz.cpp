// Whatever an endpoint or a model answers: a class, or fields of which each that passed is short, valid and clean.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "bot/base/text.hpp"
#include "bot/endpoint/reading.hpp"
#include "digest/model_writer/answer.hpp"
#include "digest/model_writer/fields.hpp"

using namespace broadsheet;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const model_writer::Field& field) {
  if (field.defect != model_writer::Defect::none) return require(field.text.empty());
  require(text::is_valid_utf8(field.text));
  require(model_writer::word_length(field.text) <= field.kind->most_words);
  for (const char* sign : {"://", "<!", "**", "\n"}) require(field.text.find(sign) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto reading = endpoint::read({200 + (data[0] % 2) * 200, {}, body}, Moment{});
  require(!endpoint::to_string(reading.kind).empty());
  static const model_writer::Source kSource("Maps of Kites", {"Kites are hard to map.", "We map 12 kites."});
  const auto& language = *model_writer::find_language("en");
  for (const auto& content : {body, reading.content})
    if (auto object = model_writer::object_in(content))
      for (const auto& field : model_writer::read_fields(*object, kSource, language, {})) check(field);
  return 0;
}

#include "digest/model_writer/defect.hpp"

#include <array>

namespace broadsheet::model_writer {
namespace {

struct Words {
  std::string_view name, advice;
};

constexpr std::array<Words, 20> kWords{{
    {"none", ""},
    {"schema", "it is missing or has the wrong type"},
    {"evidence", "its evidence must name 1 to 3 of the given numbers"},
    {"length", "it is empty or has too many words"},
    {"characters", "it holds characters that may not be shown"},
    {"link", "it holds a link or an address"},
    {"mention", "it holds a mention"},
    {"markup", "it holds markup"},
    {"chatter", "it talks to the reader instead of stating the fact"},
    {"instruction", "it holds an order to somebody"},
    {"leak", "it repeats these instructions"},
    {"copied", "it repeats the title, the authors or the abstract"},
    {"language", "it is in the wrong language"},
    {"number", "it holds a number or unit that its evidence does not have"},
    {"name", "it holds a name that the source does not have"},
    {"claim", "it claims or praises more than its evidence does"},
    {"hedge", "its evidence is less certain than it is"},
    {"direction", "it turns a comparison of its evidence round"},
    {"negation", "it denies what its evidence does not deny"},
    {"overlap", "it says what the source does not say"},
}};

const Words& words(Defect defect) {
  return kWords.at(static_cast<std::size_t>(defect));
}

}  // namespace

std::string_view to_string(Defect defect) {
  return words(defect).name;
}

std::string_view advice(Defect defect) {
  return words(defect).advice;
}

}  // namespace broadsheet::model_writer

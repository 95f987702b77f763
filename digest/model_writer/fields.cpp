#include "digest/model_writer/fields.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "bot/base/json.hpp"
#include "bot/base/text.hpp"
#include "digest/model_writer/answer.hpp"
#include "digest/model_writer/prompts.hpp"

namespace broadsheet::model_writer {
namespace {

std::optional<std::size_t> number_of(const nlohmann::json& item) {
  if (item.is_number_unsigned()) return item.get<std::size_t>();
  if (!item.is_string()) return std::nullopt;
  auto text = item.get<std::string>();
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::size_t out = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

Field read_field(const nlohmann::json& answer, const FieldKind& kind, const Source& source, const Language& language,
                 const Paper& paper) {
  Field out{&kind, {}, Defect::schema};
  const auto* value = untrusted::member(answer, {kind.key});
  if (value == nullptr) return out;
  if (value->is_null() && kind.optional) {
    out.defect = Defect::none;
    return out;
  }
  const auto* text = untrusted::member(*value, {"text"});
  const auto* evidence = untrusted::member(*value, {"evidence"});
  if (text == nullptr || !text->is_string() || evidence == nullptr) return out;
  auto numbers = read_evidence(*evidence);
  if (!numbers) return out;
  Claim claim{shown(text->get<std::string>()), std::move(*numbers)};
  out.defect = check(claim, source, {language, kind.most_words, card_prompt().text}, paper);
  if (out.defect == Defect::none) out.text = std::move(claim.text);
  return out;
}

const Section* section_of(const Card& card, Role role) {
  auto found = std::find_if(card.sections.begin(), card.sections.end(),
                            [role](const Section& section) { return section.role == role; });
  return found == card.sections.end() ? nullptr : &*found;
}

// What a section shows: the model's words, that nothing is stated, or the extract's.
std::string section_text(const Card& extract, const Field& field, const Language& language) {
  if (field.defect == Defect::none) return field.text.empty() ? std::string(language.none_stated) : field.text;
  const auto* section = section_of(extract, *field.kind->role);
  return section == nullptr ? std::string() : section->text;
}

}  // namespace

std::optional<std::vector<std::size_t>> read_evidence(const nlohmann::json& list) {
  if (!list.is_array() || list.size() > 20) return std::nullopt;
  std::vector<std::size_t> out;
  for (const auto& item : list) {
    auto number = number_of(item);
    if (!number) return std::nullopt;
    out.push_back(*number);
  }
  return out;
}

std::vector<Field> read_fields(const nlohmann::json& answer, const Source& source, const Language& language,
                               const Paper& paper) {
  std::vector<Field> out;
  for (const auto& kind : kFields) out.push_back(read_field(answer, kind, source, language, paper));
  return out;
}

std::optional<Card> card_of(const Card& extract, const std::vector<Field>& fields, const Language& language) {
  Card out = extract;
  out.origin = Origin::model_from_abstract;
  out.sections.clear();
  std::vector<std::string> failed;
  bool any = false;
  for (const auto& field : fields) {
    bool good = field.defect == Defect::none;
    any = any || (good && !field.text.empty());
    if (!good) failed.emplace_back(field.kind->label);
    if (field.kind->role == Role::result && good) out.findings.clear();  // of the extract: they say the same
    if (!field.kind->role) {
      if (good) out.tldr = {field.text, false};
      continue;
    }
    auto text = section_text(extract, field, language);
    if (!text.empty()) out.sections.push_back({*field.kind->role, std::move(text)});
  }
  if (!any) return std::nullopt;
  if (!failed.empty())
    out.degraded = text::join(failed, ", ") + " extracted: the model's words did not pass the checks";
  return out;
}

}  // namespace broadsheet::model_writer

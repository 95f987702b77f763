// The fields of a card as a model gave them, each with the first defect found in it. For .cpp files only.
#pragma once

#include <array>
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/model_writer/checks.hpp"

namespace broadsheet::model_writer {

struct FieldKind {
  std::string_view key;
  std::string_view label;    // for readers
  std::optional<Role> role;  // of its section; none: the TL;DR
  std::size_t most_words;
  bool optional;  // null says that the source tells nothing
};
inline constexpr std::array<FieldKind, 5> kFields{{
    {"tldr", "TL;DR", std::nullopt, 25, false},
    {"problem", "problem", Role::objective, 40, false},
    {"method", "method", Role::method, 40, false},
    {"result", "result", Role::result, 40, false},
    {"limits", "limits", Role::limitation, 40, true},
}};

struct Field {
  const FieldKind* kind = nullptr;
  std::string text;  // empty with Defect::none: nothing is stated
  Defect defect = Defect::schema;
};

// In the order of kFields.
std::vector<Field> read_fields(const nlohmann::json& answer, const Source& source, const Language& language,
                               const Paper& paper);
// A list of numbers, also written as texts ("3", "[3]"); nothing for anything else.
std::optional<std::vector<std::size_t>> read_evidence(const nlohmann::json& list);

// The card with the model's fields, and the extract's where they failed; which, is said in `degraded`. Nothing if no
// field passed.
std::optional<Card> card_of(const Card& extract, const std::vector<Field>& fields, const Language& language);

}  // namespace broadsheet::model_writer

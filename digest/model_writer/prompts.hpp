// The questions that are put to a model: texts from config/prompts, each with its version, and a schema in the subset
// that every endpoint takes (contracts: Models 3). What differs from call to call comes last. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/model_writer/chat_model.hpp"
#include "digest/model_writer/language.hpp"
#include "digest/model_writer/source.hpp"

namespace broadsheet::model_writer {

struct Prompt {
  int version = 0;
  std::string text;
};
const Prompt& card_prompt();
const Prompt& summary_prompt();
// Of all prompts together, as part of a writer's name.
std::string prompts_version();

Question card_question(const Source& source, const Language& language);
Question summary_question(const std::vector<Card>& cards, const Language& language);
// Asks nothing but whether a model answers in JSON.
Question probe_question();
bool is_probe_answer(const std::string& content);
// The same question with what was wrong with the first answer.
Question repair_question(Question question, const std::vector<std::string>& defects);

}  // namespace broadsheet::model_writer

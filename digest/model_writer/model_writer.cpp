#include "digest/model_writer/model_writer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/base/log.hpp"
#include "digest/model_writer/answer.hpp"
#include "digest/model_writer/fields.hpp"
#include "digest/model_writer/prompts.hpp"
#include "digest/model_writer/statements.hpp"

namespace broadsheet::model_writer {
namespace {

using boost::asio::awaitable;

// What is over at the deadline is booked and told before the pipeline stops waiting.
constexpr std::chrono::milliseconds kMargin{300};

SteadyMoment before(SteadyMoment deadline) {
  return deadline == SteadyMoment::max() ? deadline : deadline - kMargin;
}

Error no_language(const std::string& code) {
  return {ErrorKind::refused, "the model writer does not write \"" + code + "\""};
}

void count(Metrics& metrics, const char* task, Defect defect, int times = 1) {
  metrics.count("broadsheet_model_fields_total", "Fields and statements of models, by what the checks found",
                {{"task", task}, {"found", std::string(to_string(defect))}}, times);
}

std::vector<std::string> defects_of(const std::vector<Field>& fields) {
  std::vector<std::string> out;
  for (const auto& field : fields)
    if (field.defect != Defect::none)
      out.push_back("\"" + std::string(field.kind->key) + "\": " + std::string(advice(field.defect)) + ".");
  return out;
}

std::vector<Field> no_fields() {
  std::vector<Field> out;
  for (const auto& kind : kFields) out.push_back({&kind, {}, Defect::schema});
  return out;
}

// One card on its way.
class CardTask {
 public:
  CardTask(ChatModel& model, Metrics& metrics, const Card& extract, const Language& language, SteadyMoment deadline)
      : model_(model),
        metrics_(metrics),
        extract_(extract),
        language_(language),
        source_(Source::of(extract.paper)),
        question_(card_question(source_, language)) {
    question_.deadline = deadline;
  }

  awaitable<Result<Card>> write() {
    auto first = co_await fields(question_);
    if (!first) co_return first.error();
    auto defects = defects_of(*first);
    // One repair; what it brings counts only for the fields that failed.
    if (!defects.empty()) {
      auto second = co_await fields(repair_question(question_, defects));
      for (std::size_t i = 0; second && i < first->size(); ++i)
        if ((*first)[i].defect != Defect::none) (*first)[i] = (*second)[i];
    }
    auto card = card_of(extract_, *first, language_);
    if (!card) co_return Error(ErrorKind::refused, "no field passed the checks");
    co_return std::move(*card);
  }

 private:
  awaitable<Result<std::vector<Field>>> fields(Question question) {
    auto answer = co_await model_.ask(std::move(question));
    if (!answer) co_return answer.error();
    auto object = object_in(answer->content);
    auto out = object ? read_fields(*object, source_, language_, extract_.paper) : no_fields();
    for (const auto& field : out) {
      count(metrics_, "card", field.defect);
      if (field.defect != Defect::none)
        log::info("model.field_refused", {{"paper", extract_.paper.id.str()},
                                          {"field", field.kind->key},
                                          {"found", to_string(field.defect)},
                                          {"model", answer->model.substr(0, 80)}});
    }
    co_return out;
  }

  ChatModel& model_;
  Metrics& metrics_;
  const Card& extract_;
  const Language& language_;
  Source source_;
  Question question_;
};

}  // namespace

std::string ModelWriter::name() const {
  return model_.name() + "/prompts-" + prompts_version();
}

awaitable<Result<Card>> ModelWriter::card(Card extract, write::Terms terms) {
  const auto* language = find_language(terms.language);
  if (language == nullptr) co_return no_language(terms.language);
  CardTask task(model_, metrics_, extract, *language, before(terms.deadline));
  co_return co_await task.write();
}

awaitable<Result<ExecutiveSummary>> ModelWriter::summary(write::FinishedCards cards, write::Terms terms) {
  const auto* language = find_language(terms.language);
  if (language == nullptr) co_return no_language(terms.language);
  auto question = summary_question(cards.cards, *language);
  question.deadline = before(terms.deadline);
  for (int tries = 0; tries < 2; ++tries) {
    auto answer = co_await model_.ask(question);
    if (!answer) co_return answer.error();
    auto object = object_in(answer->content);
    if (!object) count(metrics_, "summary", Defect::schema);
    auto checked = object ? read_summary(*object, cards.cards, cards.extract, *language) : CheckedSummary();
    for (const auto& [defect, times] : checked.defects) count(metrics_, "summary", defect, times);
    if (!checked.summary.overview.empty()) co_return std::move(checked.summary);
    if (tries == 0)
      question =
          repair_question(std::move(question), {"No statement of \"overview\" could be used: say only what the cards "
                                                "of its papers say, in their numbers and names."});
  }
  co_return Error(ErrorKind::refused, "no statement passed the checks");
}

}  // namespace broadsheet::model_writer

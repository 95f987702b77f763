#include "bot/app/writing.hpp"

#include "bot/app/platforms.hpp"
#include "bot/base/text.hpp"
#include "bot/endpoint/endpoint.hpp"
#include "bot/http/url.hpp"
#include "digest/model_writer/language.hpp"
#include "digest/model_writer/model_writer.hpp"
#include "digest/model_writer/prompts.hpp"
#include "digest/write/extract.hpp"

namespace broadsheet::app {
namespace {

template <class T>
boost::asio::awaitable<void> into(T& out, boost::asio::awaitable<T> work) {
  out = co_await std::move(work);
}

bool has_model(const config::Settings& settings) {
  return settings.writer.kind == "openai";
}

// Stands for the endpoint where nobody may be asked.
class NobodyAsked final : public model_writer::ChatModel {
 public:
  explicit NobodyAsked(std::string name) : name_(std::move(name)) {}
  std::string name() const override { return name_; }
  boost::asio::awaitable<Result<model_writer::Answer>> ask(model_writer::Question /*question*/) override {
    co_return Error(ErrorKind::not_found, "no model is asked offline");
  }

 private:
  std::string name_;
};

endpoint::EndpointOptions endpoint_options(const config::Settings& settings) {
  const auto& w = settings.writer;
  endpoint::EndpointOptions out;
  out.base_url = w.base_url;
  out.model = w.model;
  out.key = w.api_key;
  out.timeout = w.timeout;
  out.concurrency = w.concurrency;
  out.daily_tokens = w.daily_budget_tokens;
  out.zone = Zone::find(settings.service.time_zone).value_or(Zone::utc());
  return out;
}

endpoint::Doors doors_to(const Outside& outside, Metrics& metrics, endpoint::Notes& notes) {
  auto jitter = [random = outside.random] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  return {outside.platforms, outside.workers, outside.clock, metrics, notes, jitter};
}

}  // namespace

struct Writing::Parts {
  Parts(const config::Settings& settings, const Outside& outside, Metrics& metrics, WritingStore kept, bool offline)
      : notes(kept.values, kept.read_only), name(settings.writer.model) {
    if (offline) {
      model = std::make_unique<NobodyAsked>(name);
    } else {
      auto made = std::make_unique<endpoint::Endpoint>(outside.executor, endpoint_options(settings),
                                                       doors_to(outside, metrics, notes));
      asked = made.get();
      model = std::move(made);
    }
    writer = std::make_unique<model_writer::ModelWriter>(*model, metrics);
  }

  endpoint::Notes notes;
  std::string name;
  std::unique_ptr<model_writer::ChatModel> model;
  endpoint::Endpoint* asked = nullptr;  // the same, unless offline
  std::unique_ptr<model_writer::ModelWriter> writer;
};

Writing::Writing(const config::Settings& settings, const Outside& outside, Metrics& metrics, WritingStore kept,
                 bool offline) {
  if (has_model(settings)) parts_ = std::make_unique<Parts>(settings, outside, metrics, kept, offline);
}
Writing::~Writing() = default;

write::Writer* Writing::writer() const {
  return parts_ ? parts_->writer.get() : nullptr;
}

Kept* Writing::kept() const {
  return parts_ ? &parts_->notes : nullptr;
}

std::string Writing::state() const {
  if (!parts_ || parts_->asked == nullptr) return {};
  auto trouble = parts_->asked->trouble();
  return parts_->name + ", " + std::to_string(parts_->asked->tokens_today()) + " tokens today" +
         (trouble.empty() ? "" : "; " + trouble);
}

std::string writer_name(const config::Settings& settings) {
  if (!has_model(settings)) return std::string(write::kExtractive);
  NobodyAsked model(settings.writer.model);
  Metrics metrics;
  return model_writer::ModelWriter(model, metrics).name();
}

Status check_language(const config::Settings& settings, const std::string& language) {
  if (language == "en") return {};
  auto asked = "\"" + text::ellipsize(language, 20) + "\"";
  if (!has_model(settings))
    return Error(ErrorKind::bad_input, "the extractive writer writes English (en); " + asked + " needs a model");
  if (model_writer::find_language(language) != nullptr) return {};
  std::vector<std::string> known;
  for (const auto& one : model_writer::kLanguages) known.emplace_back(one.code);
  return Error(ErrorKind::bad_input,
               asked + " is not among the languages that are written: " + text::join(known, ", "));
}

Digest write_once(const config::Settings& settings, Clock& clock, WritingStore kept, bool offline, Digest extracts) {
  if (!has_model(settings)) return extracts;
  Machine machine(clock, 1, client_options(settings));
  Metrics metrics;
  Writing writing(settings, machine.outside(), metrics, kept, offline);
  Pipeline pipeline(machine.workers(), clock, writing.writer(), writing.kept());
  Digest out;
  machine.run(into(out, pipeline.write(std::move(extracts))));
  machine.workers().finish();  // what was cancelled may still write down what it knows
  return out;
}

std::string estimate(const config::Settings& settings, WritingStore kept, const Digest& extracts) {
  if (!has_model(settings)) return "0 calls: the extractive writer asks nobody.\n";
  const auto& language = *model_writer::find_language(extracts.key.language);  // checked with the options
  endpoint::Notes notes(kept.values, true);
  auto name = writer_name(settings);
  std::int64_t cards = 0, known = 0, asked = 0, answered = 0;
  auto add = [&](const model_writer::Question& question) {
    asked += model_writer::estimated_tokens(question.system + question.user + question.schema);
    answered += question.output_tokens;
  };
  for (const auto& card : extracts.cards) {
    if (card.paper.abstract.empty()) continue;
    auto found = notes.find(card_key(card, name, extracts.key.language));
    if (found && *found) {
      ++known;
      continue;
    }
    ++cards;
    add(model_writer::card_question(model_writer::Source::of(card.paper), language));
  }
  bool summary = cards > 0;  // that of kept cards is kept as well
  if (summary) add(model_writer::summary_question(extracts.cards, language));
  return std::to_string(cards + (summary ? 1 : 0)) + " calls (" + std::to_string(cards) + " cards, " +
         std::to_string(known) + " kept), about " + std::to_string(asked) + " tokens asked, at most " +
         std::to_string(answered) + " answered; a repair of a card is a call more.\n";
}

adapters::Check check_writer(const config::Settings& settings, Clock& clock) {
  if (!has_model(settings)) return {"writer", true, "extractive: needs no network", {}};
  Machine machine(clock, 1, client_options(settings));
  Metrics metrics;
  endpoint::Notes nothing(nullptr, true);
  endpoint::Endpoint model(machine.io().get_executor(), endpoint_options(settings),
                           doors_to(machine.outside(), metrics, nothing));
  Result<model_writer::Answer> answer;
  machine.run(into(answer, model.ask(model_writer::probe_question())));
  auto url = http::parse_url(settings.writer.base_url);
  auto where = settings.writer.model + " at " + (url ? url->origin() : settings.writer.base_url);
  if (!answer)
    return {"writer", false, where + ": " + answer.error().what(),
            "check writer.base_url (with its version part), writer.model and writer.api_key; extracts are posted "
            "meanwhile"};
  auto form = "answers, asked with " + std::string(endpoint::to_string(model.profile().mode));
  if (!model_writer::is_probe_answer(answer->content))
    return {"writer", false, where + " " + form + ", but not in JSON", "choose a model that follows a JSON schema"};
  return {"writer", true, where + " " + form, {}};
}

}  // namespace broadsheet::app

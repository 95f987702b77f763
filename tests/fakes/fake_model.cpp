#include "tests/fakes/fake_model.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/fakes/model_rules.hpp"

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::ordered_json;

Reply json_reply(int status, const Json& body) {
  return {status, {{"Content-Type", "application/json"}, {"x-request-id", "req-fake"}}, body.dump()};
}

std::string first_words(const std::string& sentence, std::size_t most) {
  std::istringstream in(sentence);
  std::string out, word;
  for (std::size_t n = 0; n < most && in >> word; ++n) out += (out.empty() ? "" : " ") + word;
  return out;
}

Json field(const std::vector<std::string>& sentences, std::size_t index, std::size_t words) {
  index = std::min(index, sentences.size() - 1);
  return {{"evidence", {index + 1}}, {"text", first_words(sentences[index], words)}};
}

Json card_answer(const std::vector<std::string>& sentences) {
  auto last = sentences.size() - 1;  // of those that a card may show
  while (last > 0 && sentences[last].find("://") != std::string::npos) --last;
  return {{"tldr", field(sentences, last, 25)},
          {"problem", field(sentences, 0, 40)},
          {"method", field(sentences, 1, 40)},
          {"result", field(sentences, last, 40)},
          {"limits", nullptr}};
}

// "(2601.00001) Title" lines of a summary's question.
std::vector<std::pair<std::string, std::string>> papers_of(const std::string& user) {
  std::vector<std::pair<std::string, std::string>> out;
  std::istringstream in(user);
  for (std::string line; std::getline(in, line);) {
    auto end = line.find(") ");
    if (line.starts_with("(") && end != std::string::npos)
      out.emplace_back(line.substr(1, end - 1), line.substr(end + 2));
  }
  return out;
}

Json summary_answer(const std::string& user) {
  Json out{{"overview", Json::array()},
           {"themes", Json::array()},
           {"notable", Json::array()},
           {"read_in_full", Json::array()}};
  for (const auto& [id, title] : papers_of(user))
    if (out["overview"].size() < 3) out["overview"].push_back({{"papers", {id}}, {"text", first_words(title, 30)}});
  return out;
}

}  // namespace

Reply model_error(int status, const std::string& message, const std::string& type, const std::string& code,
                  const std::string& param) {
  Json error{{"message", message}, {"type", type}};
  error["param"] = param.empty() ? Json() : Json(param);
  error["code"] = code.empty() ? Json() : Json(code);
  return json_reply(status, {{"error", error}});
}

Reply model_answer(const std::string& content, const std::string& finish_reason, std::int64_t tokens) {
  Json message{{"role", "assistant"}, {"content", content}};
  Json body{{"id", "x"}, {"object", "chat.completion"}, {"model", "fake"}};
  body["choices"] = {{{"index", 0}, {"message", message}, {"finish_reason", finish_reason}}};
  body["usage"] = {{"prompt_tokens", tokens}, {"completion_tokens", 10}, {"total_tokens", tokens + 10}};
  return json_reply(200, body);
}

std::vector<std::string> numbered_sentences(const std::string& user) {
  std::vector<std::string> out;
  std::istringstream in(user);
  for (std::string line; std::getline(in, line);) {
    auto head = "[" + std::to_string(out.size() + 1) + "] ";
    if (line.starts_with(head)) out.push_back(line.substr(head.size()));
  }
  return out;
}

std::string truthful(const AskedModel& asked) {
  auto sentences = numbered_sentences(asked.user);
  return (sentences.empty() ? summary_answer(asked.user) : card_answer(sentences)).dump();
}

FakeModel::FakeModel(ModelManners manners, std::uint16_t port)
    : manners_(std::move(manners)),
      compose_(truthful),
      http_([this](const Seen& seen) { return handle(seen); }, port) {}

void FakeModel::manners(ModelManners manners) {
  std::lock_guard lock(mutex_);
  manners_ = std::move(manners);
}
void FakeModel::compose(Compose compose) {
  std::lock_guard lock(mutex_);
  compose_ = std::move(compose);
}
void FakeModel::next(Reply reply, int times) {
  std::lock_guard lock(mutex_);
  for (int i = 0; i < times; ++i) script_.push_back(reply);
}
void FakeModel::always(std::optional<Reply> reply) {
  std::lock_guard lock(mutex_);
  always_ = std::move(reply);
}
int FakeModel::most_at_once() const {
  std::lock_guard lock(mutex_);
  return most_;
}
std::vector<AskedModel> FakeModel::asked() const {
  std::lock_guard lock(mutex_);
  return asked_;
}
std::vector<std::string> FakeModel::violations() const {
  std::lock_guard lock(mutex_);
  return violations_;
}
std::int64_t FakeModel::tokens() const {
  std::lock_guard lock(mutex_);
  return tokens_;
}

Reply FakeModel::answer(const AskedModel& asked) {
  auto content = compose_(asked);
  if (manners_.ignores_format) content = "Sure! Here it is:\n```json\n" + content + "\n```\nLet me know.";
  auto reply = model_answer(content);
  auto json = Json::parse(reply.body);
  auto asked_tokens = static_cast<std::int64_t>(asked.system.size() + asked.user.size()) / 4 + 1;
  auto said = static_cast<std::int64_t>(content.size()) / 4 + 1;
  tokens_ += asked_tokens + said;
  json["model"] = manners_.answers_as.empty() ? asked.model : manners_.answers_as;
  json["usage"] = {{"prompt_tokens", asked_tokens}, {"completion_tokens", said}, {"total_tokens", asked_tokens + said}};
  if (manners_.usage == Usage::missing) json.erase("usage");
  if (manners_.usage == Usage::null) json["usage"] = nullptr;
  if (manners_.usage == Usage::zero) json["usage"] = {{"prompt_tokens", 0}, {"completion_tokens", 0}};
  reply.body = json.dump();
  return reply;
}

Reply FakeModel::handle(const Seen& seen) {
  std::lock_guard lock(mutex_);
  most_ = std::max(most_, ++at_once_);
  auto finish = [this](Reply reply) {
    auto done = [this] {
      std::lock_guard again(mutex_);
      --at_once_;
    };
    reply.sending = done;
    reply.unheard = done;
    reply.delay += manners_.latency;
    return reply;
  };
  auto read = read_model_request(seen, manners_);
  for (auto& violation : read.violations) violations_.push_back(std::move(violation));
  if (read.asked) asked_.push_back(*read.asked);
  if (!script_.empty()) {
    auto reply = std::move(script_.front());
    script_.pop_front();
    return finish(std::move(reply));
  }
  if (always_) return finish(*always_);
  if (read.refusal) return finish(std::move(*read.refusal));
  return finish(answer(*read.asked));
}

}  // namespace broadsheet::fakes

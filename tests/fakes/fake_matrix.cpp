#include "tests/fakes/fake_matrix.hpp"

#include <nlohmann/json.hpp>

#include "tests/fakes/matrix_world.hpp"

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::json;

}  // namespace

FakeMatrix::FakeMatrix(FakeMatrixOptions options) : world_(std::make_unique<MatrixWorld>(std::move(options))) {
  auto* world = world_.get();
  http_ = std::make_unique<FakeHttp>([world](const Seen& seen) { return world->handle(seen); }, world->options.port);
}

FakeMatrix::~FakeMatrix() {
  http_.reset();
}

std::string FakeMatrix::base() const {
  return http_->base();
}

Reply FakeMatrix::answer(const Seen& seen) {
  return world_->handle(seen);
}

FakeHttp& FakeMatrix::http() {
  return *http_;
}

void FakeMatrix::add_room(const std::string& room, const std::vector<std::string>& members, bool joined) {
  std::lock_guard lock(world_->mutex);
  auto& one = world_->rooms[room];
  one.members.insert(members.begin(), members.end());
  if (joined) one.members.insert(world_->options.user);
}

void FakeMatrix::power(const std::string& room, const std::string& user, int level) {
  std::lock_guard lock(world_->mutex);
  world_->rooms[room].power[user] = level;
}

void FakeMatrix::encrypt(const std::string& room) {
  std::lock_guard lock(world_->mutex);
  world_->rooms[room].encrypted = true;
}

void FakeMatrix::name(const std::string& room, const std::string& name) {
  std::lock_guard lock(world_->mutex);
  world_->rooms[room].name = {{"name", name}};
}

void FakeMatrix::invite(const std::string& room, const std::string& by) {
  std::lock_guard lock(world_->mutex);
  Json member{{"type", "m.room.member"}, {"state_key", world_->options.user}, {"sender", by}};
  member["content"]["membership"] = "invite";
  auto& invited = world_->invites[room];
  invited.state["invite_state"]["events"] = Json::array({member});
  invited.position = world_->log.size();
  world_->log.push_back({{}, {{"type", "invite"}, {"event_id", ""}, {"sender", by}}});  // so that the stream moves on
}

void FakeMatrix::kick(const std::string& room, const std::string& by, const std::string& reason) {
  std::lock_guard lock(world_->mutex);
  Json event{{"type", "m.room.member"}, {"state_key", world_->options.user}, {"sender", by}};
  event["content"] = {{"membership", "leave"}, {"reason", reason}};
  world_->rooms[room].members.erase(world_->options.user);
  world_->add(room, std::move(event));
}

void FakeMatrix::replace(const std::string& room, const std::string& by, const std::string& with, bool truthful) {
  std::lock_guard lock(world_->mutex);
  world_->rooms[with].create["predecessor"] = {{"room_id", truthful ? room : "!another:example.org"}};
  Json content{{"replacement_room", with}, {"body", "replaced"}};
  world_->rooms[room].tombstone = content;
  world_->add(room, {{"type", "m.room.tombstone"}, {"state_key", ""}, {"sender", by}, {"content", content}});
}

void FakeMatrix::set_state(const std::string& room, const std::string& by, const std::string& type,
                           const std::string& content) {
  std::lock_guard lock(world_->mutex);
  Json event{{"type", type}, {"state_key", ""}, {"sender", by}, {"content", Json::parse(content)}};
  world_->add(room, std::move(event));
}

std::string FakeMatrix::say(const std::string& room, const std::string& sender, const std::string& body,
                            const std::string& answers, const std::string& thread) {
  std::lock_guard lock(world_->mutex);
  Json content{{"msgtype", "m.text"}, {"body", body}};
  if (!thread.empty()) content["m.relates_to"] = {{"rel_type", "m.thread"}, {"event_id", thread}};
  if (!answers.empty()) content["m.relates_to"]["m.in_reply_to"]["event_id"] = answers;
  return world_->add(room, {{"type", "m.room.message"}, {"sender", sender}, {"content", content}});
}

std::string FakeMatrix::react(const std::string& room, const std::string& sender, const std::string& target,
                              const std::string& key) {
  std::lock_guard lock(world_->mutex);
  Json content;
  content["m.relates_to"] = {{"rel_type", "m.annotation"}, {"event_id", target}, {"key", key}};
  return world_->add(room, {{"type", "m.reaction"}, {"sender", sender}, {"content", content}});
}

std::vector<std::string> FakeMatrix::sent(const std::string& room) const {
  std::lock_guard lock(world_->mutex);
  std::vector<std::string> out;
  for (const auto& one : world_->log)
    if (one.room == room && one.event["sender"] == world_->options.user && one.event["type"] == "m.room.message")
      out.push_back(one.event["content"].dump());
  return out;
}

std::vector<std::string> FakeMatrix::sent_ids(const std::string& room) const {
  std::lock_guard lock(world_->mutex);
  std::vector<std::string> out;
  for (const auto& one : world_->log)
    if (one.room == room && one.event["sender"] == world_->options.user && one.event["type"] == "m.room.message")
      out.push_back(one.event["event_id"].get<std::string>());
  return out;
}

std::vector<std::string> FakeMatrix::own_keys(const std::string& room, const std::string& event) const {
  std::lock_guard lock(world_->mutex);
  std::vector<std::string> out;
  for (const auto& one : world_->log) {
    bool reaction =
        one.room == room && one.event["sender"] == world_->options.user && one.event["type"] == "m.reaction";
    if (reaction && one.event["content"]["m.relates_to"]["event_id"] == event)
      out.push_back(one.event["content"]["m.relates_to"]["key"].get<std::string>());
  }
  return out;
}

std::vector<FakeMatrix::Call> FakeMatrix::timeline() const {
  std::lock_guard lock(world_->mutex);
  return world_->calls;
}

std::size_t FakeMatrix::syncs() const {
  std::lock_guard lock(world_->mutex);
  return world_->syncs;
}

std::size_t FakeMatrix::refused_by_limit() const {
  std::lock_guard lock(world_->mutex);
  return world_->limited;
}

std::vector<std::string> FakeMatrix::content_faults() const {
  std::lock_guard lock(world_->mutex);
  return {world_->faults.begin(), world_->faults.end()};
}

bool FakeMatrix::joined(const std::string& room) const {
  std::lock_guard lock(world_->mutex);
  auto it = world_->rooms.find(room);
  return it != world_->rooms.end() && it->second.members.contains(world_->options.user);
}

void FakeMatrix::fail_next(const std::string& what, Reply reply, bool execute_first) {
  std::lock_guard lock(world_->mutex);
  world_->planned.push_back({what, std::move(reply), execute_first});
}

void FakeMatrix::at(Point point, std::function<void()> strike) {
  std::lock_guard lock(world_->mutex);
  world_->strikes[point] = std::move(strike);
}

void FakeMatrix::expire_token(bool soft_logout) {
  std::lock_guard lock(world_->mutex);
  world_->token = "expired-" + world_->token;
  world_->soft_logout = soft_logout;
}

void FakeMatrix::limit(std::size_t burst) {
  std::lock_guard lock(world_->mutex);
  world_->left_in_bucket = static_cast<double>(burst);
}

void FakeMatrix::restart() {
  std::lock_guard lock(world_->mutex);
  world_->memory.clear();
}

std::size_t FakeMatrix::logins() const {
  std::lock_guard lock(world_->mutex);
  return world_->logins;
}

std::size_t FakeMatrix::refreshes() const {
  std::lock_guard lock(world_->mutex);
  return world_->refreshes;
}

}  // namespace broadsheet::fakes

#include "tests/live/homeserver.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "bot/http/url.hpp"

namespace broadsheet::live {
namespace {

namespace beast = boost::beast;
constexpr const char* kSecret = "test-only";

const char* python() {
  return std::getenv("BROADSHEET_SYNAPSE_PYTHON");
}

std::string configuration(std::uint16_t port, const HomeserverOptions& options) {
  auto number = std::to_string(port);
  std::string out = "server_name: \"mx.test\"\npublic_baseurl: \"http://127.0.0.1:" + number +
                    "/\"\npid_file: hs.pid\nlisteners:\n  - {port: " + number +
                    ", tls: false, type: http, bind_addresses: ['127.0.0.1'], resources: [{names: [client], "
                    "compress: false}]}\n"
                    "database: {name: sqlite3, args: {database: hs.db}}\nlog_config: log.yaml\n"
                    "media_store_path: media\nsigning_key_path: signing.key\nmacaroon_secret_key: \"test-only\"\n"
                    "form_secret: \"test-only\"\nregistration_shared_secret: \"" +
                    std::string(kSecret) +
                    "\"\nenable_registration: false\nreport_stats: false\ntrusted_key_servers: []\n"
                    "suppress_key_server_warning: true\nfederation_domain_whitelist: []\nurl_preview_enabled: false\n"
                    "presence: {enabled: false}\ncaches: {sync_response_cache_duration: 0}\n";
  if (options.push_port != 0) out += "app_service_config_files: [as.yaml]\n";
  if (!options.limits)
    out +=
        "rc_message: &r {per_second: 1000, burst_count: 1000}\nrc_login: {address: *r, account: *r, failed_attempts: "
        "*r}\nrc_joins: {local: *r, remote: *r}\nrc_joins_per_room: *r\nrc_invites: {per_room: *r, per_user: *r, "
        "per_issuer: *r}\nrc_room_creation: *r\n";
  return out;
}

constexpr const char* kLog =
    "version: 1\nformatters: {f: {format: '%(asctime)s %(levelname)s %(name)s %(message)s'}}\n"
    "handlers: {h: {class: logging.FileHandler, filename: homeserver.log, formatter: f}}\n"
    "root: {level: INFO, handlers: [h]}\ndisable_existing_loggers: false\n";

int spawn(const std::string& folder, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{python(), "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int child = fork();
  if (child != 0) return child;
  if (chdir(folder.c_str()) != 0) _exit(126);
  int out = open("homeserver.out", O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

std::string hmac_sha1(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  std::string bytes = text;
  HMAC(EVP_sha1(), kSecret, static_cast<int>(std::string(kSecret).size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), mac.data(), &size);
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += "0123456789abcdef"[mac.at(i) >> 4U];
    out += "0123456789abcdef"[mac.at(i) & 15U];
  }
  return out;
}

}  // namespace

std::string part(const std::string& text) {
  return http::percent_encode(text);
}

Answer exchange(std::uint16_t port, const Ask& ask) {
  boost::asio::io_context io;
  beast::tcp_stream stream(io);
  stream.expires_after(std::chrono::seconds(30));
  boost::system::error_code ec;
  stream.socket().connect({boost::asio::ip::address_v4::loopback(), port}, ec);
  if (ec) return {};
  beast::http::request<beast::http::string_body> request(beast::http::string_to_verb(ask.method), ask.path, 11);
  request.set(beast::http::field::host, "127.0.0.1");
  request.set(beast::http::field::connection, "close");
  if (!ask.token.empty()) request.set(beast::http::field::authorization, "Bearer " + ask.token);
  if (!ask.raw.empty())
    request.body() = ask.raw;
  else if (!ask.body.is_null())
    request.body() = ask.body.dump();
  if (ask.method != "GET") request.set(beast::http::field::content_type, "application/json");
  request.prepare_payload();
  beast::http::write(stream, request, ec);
  if (ec) return {};
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(std::uint64_t{64} << 20);
  beast::http::read(stream, buffer, parser, ec);
  if (ec) return {};
  return {static_cast<int>(parser.get().result_int()), Json::parse(parser.get().body(), nullptr, false)};
}

bool Homeserver::available() {
  return python() != nullptr;
}

Homeserver::Homeserver(HomeserverOptions options) : options_(options), port_(e2e::free_port()) {
  folder_.write("homeserver.yaml", configuration(port_, options_));
  folder_.write("log.yaml", kLog);
  folder_.write("as.yaml", "id: broadsheet\nurl: \"http://127.0.0.1:" + std::to_string(options_.push_port) +
                               "\"\nas_token: \"" + kAsToken + "\"\nhs_token: \"" + kHsToken +
                               "\"\nsender_localpart: \"arxivbot\"\nrate_limited: false\n"
                               "namespaces: {users: [], aliases: [], rooms: []}\n");
  int status = 0;
  waitpid(spawn(folder_.path(), {"--generate-keys"}), &status, 0);
  start();
}

Homeserver::~Homeserver() {
  kill();
}

void Homeserver::start() {
  pid_ = spawn(folder_.path(), {});
  for (int i = 0; i < 600; ++i) {
    if (exchange(port_, {.path = "/_matrix/client/versions"}).status == 200) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("the homeserver does not start: " + folder_.read("homeserver.out"));
}

void Homeserver::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string Homeserver::account(const std::string& name, const std::string& password, bool admin) const {
  auto nonce = exchange(port_, {.path = "/_synapse/admin/v1/register"}).body.value("nonce", "");
  std::string zero(1, '\0');
  auto mac = hmac_sha1(nonce + zero + name + zero + password + zero + (admin ? "admin" : "notadmin"));
  Json body{{"nonce", nonce}, {"username", name}, {"password", password}, {"admin", admin}, {"mac", mac}};
  auto made = exchange(port_, {.method = "POST", .path = "/_synapse/admin/v1/register", .body = body});
  if (made.status != 200) throw std::runtime_error("no account " + name + ": " + made.body.dump());
  Json login{{"type", "m.login.password"},
             {"identifier", {{"type", "m.id.user"}, {"user", name}}},
             {"password", password},
             {"device_id", "TESTING"}};
  auto entered = exchange(port_, {.method = "POST", .path = "/_matrix/client/v3/login", .body = login});
  if (entered.status != 200) throw std::runtime_error("no login of " + name + ": " + entered.body.dump());
  return entered.body["access_token"];
}

Person::Person(const Homeserver& server, const std::string& name)
    : server_(server), id_("@" + name + ":mx.test"), token_(server.account(name, "pw-" + name)) {}

Answer Person::call(const std::string& method, const std::string& path, const Json& body) const {
  return exchange(server_.port(),
                  {.method = method, .path = "/_matrix/client/v3" + path, .token = token_, .body = body});
}

std::string Person::create_room(const Json& options) const {
  auto made = call("POST", "/createRoom", options);
  if (made.status != 200) throw std::runtime_error("no room: " + made.body.dump());
  return made.body["room_id"];
}

void Person::invite(const std::string& room, const std::string& user) const {
  auto done = call("POST", "/rooms/" + part(room) + "/invite", {{"user_id", user}});
  if (done.status != 200) throw std::runtime_error("no invitation: " + done.body.dump());
}

std::string Person::say(const std::string& room, const std::string& text, const Json& relation) const {
  static int number = 0;
  Json content{{"msgtype", "m.text"}, {"body", text}, {"m.mentions", Json::object()}};
  if (!relation.is_null()) content["m.relates_to"] = relation;
  auto sent = call("PUT", "/rooms/" + part(room) + "/send/m.room.message/t" + std::to_string(++number), content);
  if (sent.status != 200) throw std::runtime_error("not said: " + sent.body.dump());
  return sent.body["event_id"];
}

std::string Person::set_state(const std::string& room, const std::string& type, const Json& content) const {
  auto sent = call("PUT", "/rooms/" + part(room) + "/state/" + type + "/", content);
  if (sent.status != 200) throw std::runtime_error("state not set: " + sent.body.dump());
  return sent.body["event_id"];
}

std::vector<Json> Person::history(const std::string& room) const {
  std::vector<Json> out;
  std::string from;
  for (int pages = 0; pages < 100; ++pages) {
    auto path = "/rooms/" + part(room) + "/messages?dir=b&limit=100" + (from.empty() ? "" : "&from=" + from);
    auto page = call("GET", path);
    if (page.status != 200) break;
    for (const auto& event : page.body["chunk"])
      if (!event.contains("state_key")) out.push_back(event);
    if (!page.body.contains("end") || page.body["chunk"].empty()) break;
    from = page.body["end"];
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string Person::membership(const std::string& room, const std::string& user) const {
  auto state = call("GET", "/rooms/" + part(room) + "/state/m.room.member/" + part(user));
  return state.body.is_object() ? state.body.value("membership", "") : "";
}

}  // namespace broadsheet::live

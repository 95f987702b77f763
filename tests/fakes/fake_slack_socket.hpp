// The WebSocket side of Socket Mode: a server on loopback with its own thread, made of Beast alone.
#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace broadsheet::fakes {

class FakeSlackSocket {
 public:
  FakeSlackSocket();
  ~FakeSlackSocket();
  FakeSlackSocket(const FakeSlackSocket&) = delete;
  FakeSlackSocket& operator=(const FakeSlackSocket&) = delete;

  std::string url() const;  // "ws://127.0.0.1:PORT/link?ticket=…"
  // Without it a connection says nothing at first.
  void say_hello(bool yes);
  // An envelope as Slack sends it: to any open connection, again (the same one, retry_attempt 1 and up) until it is
  // acknowledged. False when nobody did within `guard`.
  bool deliver(const std::string& type, nlohmann::json payload, bool accepts_payload,
               std::chrono::milliseconds guard = std::chrono::seconds(20));
  bool acknowledged(const std::string& envelope) const;
  // What the newest acknowledgement with a payload carried, once; empty: none since.
  std::string take_payload();

  // To the newest open connection, or to the one with that number (from 1).
  void push(std::string text, std::size_t connection = 0);
  void close(std::size_t connection = 0);
  // Cuts without a goodbye.
  void drop(std::size_t connection = 0);

  std::size_t opened() const;  // ever
  std::size_t open() const;    // now
  // What came in, as "2 {…}": connection and text.
  std::vector<std::string> received() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::fakes

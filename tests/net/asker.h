#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <optional>

#include "net/http_client.h"
#include "support/check.h"
#include "support/deadline.h"

namespace gemini::test {

/// A client on a loop of its own, for the thread of the test. It makes requests, and writes down what they
/// bring.
class Asker {
 public:
  /// One request and all that is heard of it.
  class Answer final : public HttpStream::Listener {
   public:
    /// `last_word`: give the request up inside of this call, "head", "body", "finished" or "failed".
    explicit Answer (Asker &asker, std::string last_word) : asker_ (asker), last_word_ (std::move (last_word))
    {
    }

    void on_head (const HttpStream::Head &head) override
    {
      write ("head", [&] { head_ = head; });
    }
    void on_body (std::string_view bytes) override
    {
      write ("body", [&] { body_ += bytes; });
    }
    void on_finished () override
    {
      write ("finished", [&] { over_ = true; });
    }
    void on_failed (const HttpStream::Failure &failure) override
    {
      write ("failed", [&] {
        failure_ = failure;
        over_ = true;
      });
    }

    bool wait (const std::function<bool (const Answer &)> &condition)
    {
      std::unique_lock lock (lock_);
      return changed_.wait_for (lock, deadline (), [&] { return condition (*this); });
    }
    bool wait_for_end ()
    {
      return wait ([] (auto &answer) { return answer.over_; });
    }

    void pause (bool paused)
    {
      asker_.run ([&] { stream_->pause (paused); });
    }
    /// When this returns, nothing more may be heard.
    void give_up ()
    {
      asker_.run ([&] {
        stream_.reset ();
        gone_ = true;
      });
    }

    // for who waits, or after the end
    HttpStream::Head head_;
    std::string body_;
    std::optional<HttpStream::Failure> failure_;
    bool over_ = false;
    std::string log_;  ///< "head body finished ", one "body" for all that follow each other

   private:
    friend class Asker;

    void write (const std::string &word, const std::function<void ()> &change)
    {
      {
        const std::lock_guard guard (lock_);
        fail_if (gone_, "'%s' after the request was given up", word.c_str ());
        change ();
        if (!log_.ends_with (word + " "))
          log_ += word + " ";
      }
      if (word == last_word_) {
        stream_.reset ();
        gone_ = true;
      }
      changed_.notify_all ();
    }

    Asker &asker_;
    const std::string last_word_;
    std::mutex lock_;
    std::condition_variable changed_;
    std::unique_ptr<HttpStream> stream_;  // loop thread
    bool gone_ = false;                   // loop thread
  };

  explicit Asker (NetworkConfig network = {})
  {
    run ([&] { client_ = std::make_unique<SoupClient> (loop_, std::move (network)); });
  }
  ~Asker ()
  {
    run ([this] { client_.reset (); });
  }

  /// The answer is the asker's guest: it must be gone before.
  std::unique_ptr<Answer> ask (const Target &target, const std::string &json = "{}",
                               const std::string &last_word = {})
  {
    auto answer = std::make_unique<Answer> (*this, last_word);
    run ([&] { answer->stream_ = client_->post (target, json, *answer); });
    return answer;
  }

  void prepare (const Target &target)
  {
    run ([&] { client_->prepare (target); });
  }

  /// On the loop's thread, until it is done.
  void run (const std::function<void ()> &task)
  {
    std::promise<void> done;
    loop_.post ([&] {
      task ();
      done.set_value ();
    });
    done.get_future ().wait ();
  }

 private:
  std::unique_ptr<SoupClient> client_;  // loop thread
  Loop loop_;                           // last made, first gone
};

}  // namespace gemini::test

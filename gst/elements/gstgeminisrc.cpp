/**
 * SECTION:element-geminisrc
 * @title: geminisrc
 * @short_description: hears Gemini speak
 *
 * A live source of speech: it opens a session of the Gemini Live API, sends a text, and hands out the spoken
 * answer as timestamped audio while it still arrives. The first word is heard as soon as enough audio is
 * there to be safe
 * (#GstGeminiSrc:prebuffer-time), and not one sample is lost, doubled or moved after that.
 *
 * When there is nothing to say it hands out silence in real time, so that the sound card is open and
 * recorders, mixers and muxers beside it never wait. All silence is flagged DROPPABLE: `identity
 * drop-buffer-flags=droppable` leaves exactly what was said.
 *
 * The key comes from the #GstGeminiSrc:api-key property or from the environment: GOOGLE_API_KEY, then
 * GEMINI_API_KEY.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 geminisrc prompt="Tell me a joke" ! queue ! audioconvert ! audioresample ! autoaudiosink
 * ]| Speak.
 * |[
 * gst-launch-1.0 geminisrc prompt="Tell me a joke" ! tee name=t \
 *   t. ! queue ! audioconvert ! audioresample ! autoaudiosink \
 *   t. ! queue ! identity drop-buffer-flags=droppable ! wavenc ! filesink location=answer.wav async=false
 * ]| Speak, and record what is said.
 * |[
 * gst-launch-1.0 geminisrc is-live=false prompt="Tell me a joke" ! wavenc ! filesink location=answer.wav
 * ]| Record as fast as the answer comes.
 *
 * ## URIs
 * playbin, uridecodebin and gst-play-1.0 play `gemini-live:` and `gemini-tts:` by this element. The query
 * holds properties:
 * |[
 * gst-play-1.0 "gemini-tts:?prompt=The%20kettle%20is%20on.&voice=Kore"
 * ]|
 * A URI cannot hold a key, a token, an endpoint or a proxy. But whoever hands a URI to an application
 * decides what is said, and has it paid by the owner of the key: take such URIs only from whom you would let
 * use it.
 *
 * Since: 0.1
 */

#include "elements/gstgeminisrc.h"

#include "elements/debug.h"
#include "elements/gemini_src.h"
#include "elements/uri.h"

GST_DEBUG_CATEGORY (geminisrc_debug);

struct _GstGeminiSrc {
  GstPushSrc parent;
  gemini::GeminiSrc *impl;  // new in init, delete in finalize; nothing else lives here
};

static void implement_uri_handler (gpointer interface, gpointer);

G_DEFINE_FINAL_TYPE_WITH_CODE (GstGeminiSrc, gst_gemini_src, GST_TYPE_PUSH_SRC,
                               G_IMPLEMENT_INTERFACE (GST_TYPE_URI_HANDLER, implement_uri_handler))
GST_ELEMENT_REGISTER_DEFINE (geminisrc, "geminisrc", GST_RANK_NONE, GST_TYPE_GEMINI_SRC)

namespace {

enum { kSignalSendText, kSignalInterrupt, kSignalSendToolResponse, kSignalSendMessage, kSignalCount };
guint signals[kSignalCount];

GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("audio/x-raw, format=(string)S16LE, layout=(string)interleaved, channels=(int)1, "
                     "rate=(int)24000; "
                     "audio/x-raw, format=(string)S16LE, layout=(string)interleaved, channels=(int)1, "
                     "rate=(int)[ 1, MAX ]"));

gemini::GeminiSrc &impl (gpointer self) { return *GST_GEMINI_SRC (self)->impl; }

// The properties after those of the settings.
guint state_property () { return static_cast<guint> (gemini::settings_properties ().size ()) + 1; }
guint stats_property () { return state_property () + 1; }

GstStateChangeReturn change_state (GstElement *element, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !impl (element).prepare ())
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    impl (element).set_playing (true);
  else if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    impl (element).set_playing (false);
  return GST_ELEMENT_CLASS (gst_gemini_src_parent_class)->change_state (element, transition);
}

void install_object (GObjectClass *object)
{
  object->set_property = [] (GObject *o, guint id, const GValue *value, GParamSpec *) {
    impl (o).set_property (id, value);
  };
  object->get_property = [] (GObject *o, guint id, GValue *value, GParamSpec *) {
    if (id == state_property ())
      g_value_set_enum (value, impl (o).state ());
    else if (id == stats_property ())
      g_value_take_boxed (value, impl (o).stats ());
    else
      impl (o).get_property (id, value);
  };
  object->finalize = [] (GObject *o) {
    delete GST_GEMINI_SRC (o)->impl;
    G_OBJECT_CLASS (gst_gemini_src_parent_class)->finalize (o);
  };

  gemini::install_properties (object, gemini::settings_properties ());
  /**
   * GstGeminiSrc:state:
   *
   * What the element is doing; notifies on each change.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      object, state_property (),
      g_param_spec_enum ("state", "State", "What the element is doing", gemini::state_type (),
                         gemini::StateTracker::kDisconnected,
                         static_cast<GParamFlags> (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  /**
   * GstGeminiSrc:stats:
   *
   * A #GstStructure. All times are running times in nanoseconds (guint64), all frames guint64:
   *
   * - chunks, frames-received: what came; frames-pushed: what has left; frames-dropped: by interruptions and
   * EOS
   * - turns (guint): told as complete
   * - underruns (guint), underrun-time: speech stopped in the middle of a turn, and for how long in all
   * - reconnects (guint)
   * - buffered-time: audio waiting; prebuffer: audio a turn has to hold before it starts, as things are
   * - of the last turn: requested, first-byte, started (PTS of its first sample), first-audible (that plus
   * the latency of the pipeline), generation-complete, ended
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      object, stats_property (),
      g_param_spec_boxed ("stats", "Statistics", "Counters, and the times of the last turn",
                          GST_TYPE_STRUCTURE,
                          static_cast<GParamFlags> (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  /**
   * GstGeminiSrc::send-text:
   * @src: the source
   * @text: what to say to the model
   *
   * Sends a user turn, now or as soon as the session is ready. May be called from any thread in PAUSED and
   * PLAYING.
   *
   * Returns: %FALSE if the element is not started, the text is not UTF-8, the conversation is over or 1000
   * texts wait
   *
   * Since: 0.1
   */
  signals[kSignalSendText] =
      g_signal_new_class_handler ("send-text", G_TYPE_FROM_CLASS (object),
                                  static_cast<GSignalFlags> (G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
                                  G_CALLBACK (+[] (GstGeminiSrc *self, const char *text) -> gboolean {
                                    return impl (self).send_text (text);
                                  }),
                                  nullptr, nullptr, nullptr, G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
  /**
   * GstGeminiSrc::interrupt:
   * @src: the source
   *
   * Be quiet: drops all speech that has not left the element, ends the turn that runs (what still comes of it
   * is not heard), and withdraws texts that were not sent yet. The conversation goes on. May be called from
   * any thread in PAUSED and PLAYING; elsewhere it does nothing but warn.
   *
   * Since: 0.1
   */
  signals[kSignalInterrupt] =
      g_signal_new_class_handler ("interrupt", G_TYPE_FROM_CLASS (object),
                                  static_cast<GSignalFlags> (G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
                                  G_CALLBACK (+[] (GstGeminiSrc *self) { impl (self).interrupt (); }),
                                  nullptr, nullptr, nullptr, G_TYPE_NONE, 0);
  /**
   * GstGeminiSrc::send-tool-response:
   * @src: the source
   * @id: the id in the gemini-tool-call message
   * @name: the name of the function
   * @json: what the function returns, a JSON object
   *
   * Answers a call of a function. May be called from any thread in PAUSED and PLAYING, from the handler of
   * the message, too.
   *
   * Returns: %FALSE if no such call waits (it was cancelled, or answered before), if the answer is no JSON
   * object, or if the element is not started
   *
   * Since: 0.1
   */
  signals[kSignalSendToolResponse] = g_signal_new_class_handler (
      "send-tool-response", G_TYPE_FROM_CLASS (object),
      static_cast<GSignalFlags> (G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
      G_CALLBACK (+[] (GstGeminiSrc *self, const char *id, const char *name, const char *json) -> gboolean {
        return impl (self).send_tool_response (id, name, json);
      }),
      nullptr, nullptr, nullptr, G_TYPE_BOOLEAN, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * GstGeminiSrc::send-message:
   * @src: the source
   * @json: a client message of the Live API, a JSON object
   *
   * Sends a message as it is, now or as soon as the session is ready, for everything that has no signal:
   * `{"clientContent":{"turns":[…]}}` adds to the history, for one. A text sent by #GstGeminiSrc::send-text
   * is waited for, and asked again on a new connection; what is in a message is not. May be called from any
   * thread in PAUSED and PLAYING.
   *
   * Returns: %FALSE if it is no JSON object or a setup, if the element is not started, or with
   * #GstGeminiSrc:api "tts"
   *
   * Since: 0.1
   */
  signals[kSignalSendMessage] =
      g_signal_new_class_handler ("send-message", G_TYPE_FROM_CLASS (object),
                                  static_cast<GSignalFlags> (G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
                                  G_CALLBACK (+[] (GstGeminiSrc *self, const char *json) -> gboolean {
                                    return impl (self).send_message (json);
                                  }),
                                  nullptr, nullptr, nullptr, G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
}

void install_base (GstBaseSrcClass *base)
{
  base->start = [] (GstBaseSrc *s) -> gboolean { return impl (s).start (); };
  base->stop = [] (GstBaseSrc *s) -> gboolean {
    impl (s).stop ();
    return TRUE;
  };
  base->unlock = [] (GstBaseSrc *s) -> gboolean {
    impl (s).unlock ();
    return TRUE;
  };
  base->unlock_stop = [] (GstBaseSrc *s) -> gboolean {
    impl (s).unlock_stop ();
    return TRUE;
  };
  // Caps go out with the first buffer: earlier ones open a sink whose clock then runs ahead of the speech.
  base->negotiate = [] (GstBaseSrc *) -> gboolean { return TRUE; };
  base->is_seekable = [] (GstBaseSrc *) -> gboolean { return FALSE; };
  base->event = [] (GstBaseSrc *s, GstEvent *event) -> gboolean {
    impl (s).event (event);
    return GST_BASE_SRC_CLASS (gst_gemini_src_parent_class)->event (s, event);
  };
  base->query = [] (GstBaseSrc *s, GstQuery *query) -> gboolean {
    return impl (s).query (query) || GST_BASE_SRC_CLASS (gst_gemini_src_parent_class)->query (s, query);
  };
}

}  // namespace

static void gst_gemini_src_class_init (GstGeminiSrcClass *klass)
{
  GST_DEBUG_CATEGORY_INIT (geminisrc_debug, "geminisrc", 0, "Gemini speech source");
  install_object (G_OBJECT_CLASS (klass));
  install_base (GST_BASE_SRC_CLASS (klass));
  GST_PUSH_SRC_CLASS (klass)->create = [] (GstPushSrc *s, GstBuffer **buffer) {
    return impl (s).create (buffer);
  };

  auto *element = GST_ELEMENT_CLASS (klass);
  element->change_state = change_state;
  element->send_event = [] (GstElement *e, GstEvent *event) -> gboolean {
    if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK) {  // GstBaseSrc would flush before it refuses
      gst_event_unref (event);
      return FALSE;
    }
    return impl (e).send_event (event) ||
           GST_ELEMENT_CLASS (gst_gemini_src_parent_class)->send_event (e, event);
  };
  gst_element_class_add_static_pad_template (element, &src_template);
  gst_element_class_set_static_metadata (
      element, "Gemini speech source", "Source/Network/Audio",
      "Speaks the answers of Google's Gemini models as they arrive (Live API)", "The gst-gemini developers");
}

static void implement_uri_handler (gpointer interface, gpointer)
{
  auto *handler = static_cast<GstURIHandlerInterface *> (interface);
  handler->get_type = [] (GType) { return GST_URI_SRC; };
  handler->get_protocols = [] (GType) { return gemini::kUriProtocols; };
  handler->get_uri = [] (GstURIHandler *self) -> gchar * {
    auto uri = impl (self).uri ();
    return uri.empty () ? nullptr : g_strdup (uri.c_str ());
  };
  handler->set_uri = [] (GstURIHandler *self, const gchar *uri, GError **error) -> gboolean {
    return impl (self).set_uri (uri, error);
  };
}

static void gst_gemini_src_init (GstGeminiSrc *self)
{
  self->impl = new gemini::GeminiSrc (GST_BASE_SRC (self));
}

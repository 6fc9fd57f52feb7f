#include "elements/flush.h"

#include <gst/base/gstbasesrc.h>

#include <utility>

#include "elements/debug.h"

namespace gemini {

/// While a pipeline stops it must not be flushed: the end of the flush would start tasks again, in a queue
/// downstream as well as here, that are being stopped, and the stop would wait for ever. So the states of all
/// that we are in are locked for the time of a flush, but never waited for: who changes them may be waiting
/// for the network thread.
bool Flush::begin ()
{
  for (GstObjectPtr<GstObject> object (GST_OBJECT (gst_object_ref (element_))); object;
       object.reset (gst_object_get_parent (object.get ()))) {
    auto *element = GST_ELEMENT (object.get ());
    if (!GST_STATE_TRYLOCK (element)) {
      GST_DEBUG_OBJECT (element_, "no flush: the state of %s is being changed", GST_OBJECT_NAME (element));
      unlock_states ();
      return false;
    }
    locked_.emplace_back (GST_ELEMENT (gst_object_ref (element)));
  }
  // One flush in the other would end twice, and the second end wait for a thread that may be blocked.
  if (by_application_) {
    GST_DEBUG_OBJECT (element_, "no flush: the application flushes already");
    unlock_states ();
    return false;
  }
  send (gst_event_new_flush_start ());
  return true;
}

void Flush::end ()
{
  send (gst_event_new_flush_stop (FALSE));
  unlock_states ();
}

bool Flush::passes (const GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START)
    by_application_ = true;
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    return std::exchange (by_application_, false);
  return true;
}

/// Not by gst_element_send_event (), which would wait for the lock of the state.
void Flush::send (GstEvent *event)
{
  GST_ELEMENT_CLASS (g_type_class_peek (GST_TYPE_BASE_SRC))->send_event (element_, event);
}

void Flush::unlock_states ()
{
  for (; !locked_.empty (); locked_.pop_back ())
    GST_STATE_UNLOCK (locked_.back ().get ());
}

}  // namespace gemini

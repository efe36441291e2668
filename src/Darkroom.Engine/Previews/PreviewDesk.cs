using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Previews;

/// <summary>
/// Makes previews beside the loop, on another thread and one at a time. While that is busy the newest of a job replaces the one that waits, so previews
/// never hold up a step, and a failed one harms nobody. What is shown is the denoiser's canvas: of an outpainting the window that is painted now, of a
/// masked area that area.
/// </summary>
internal sealed class PreviewDesk(IPreviewBoard board, PreviewTelemetry telemetry, ILogger<PreviewDesk> log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PreviewSketch> waiting = [];
    private readonly Queue<string> turns = new();
    private readonly HashSet<string> open = []; // jobs that may have a preview
    private bool busy;

    /// <summary>Takes what the next preview of a job in flight is made of.</summary>
    public void Offer(PreviewSketch sketch)
    {
        lock (gate)
        {
            open.Add(sketch.Job);
            if (waiting.ContainsKey(sketch.Job)) telemetry.PassedOver();
            else turns.Enqueue(sketch.Job);
            waiting[sketch.Job] = sketch;
            if (busy) return;
            busy = true;
        }
        _ = Task.Run(Work);
    }

    /// <summary>The job ends: its preview is taken down, and one that is being made is not shown any more.</summary>
    public void Close(string job)
    {
        lock (gate)
        {
            if (!open.Remove(job)) return;
            waiting.Remove(job);
            board.Remove(job);
        }
    }

    private void Work()
    {
        while (true)
        {
            PreviewSketch? next;
            lock (gate)
            {
                if (!turns.TryDequeue(out string? job))
                {
                    busy = false;
                    return;
                }
                if (!waiting.Remove(job, out next)) continue; // its job ended
            }
            try
            {
                var (png, width, height) = PreviewPicture.Encode(next.Look.Run(next.Shape, next.Latents), next.Width, next.Height);
                lock (gate)
                    if (open.Contains(next.Job)) board.Post(new Preview(next.Job, next.Index, next.Step, width, height, png));
                telemetry.Shown();
            }
            catch (Exception e)
            {
                // A model that is let go meanwhile, or a decoder that refuses: the picture does not need its previews.
                telemetry.Failed();
                EngineLog.PreviewFailed(log, next.Job, e);
            }
        }
    }
}

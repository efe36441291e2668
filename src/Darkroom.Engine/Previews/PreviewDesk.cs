using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Queue;
using Darkroom.Models.Families.Previews;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Previews;

/// <summary>
/// Makes previews beside the loop: at a step boundary a row's denoised latents are copied, everything else happens on another thread, one preview at a
/// time. While that is busy the newest of a job replaces the one that waits, so previews never hold up a step, and a failed one harms nobody. What is shown
/// is the denoiser's canvas: of an outpainting the window that is painted now, of a masked area that area.
/// </summary>
internal sealed class PreviewDesk(IPreviewBoard board, IJobStore store, ILogger<PreviewDesk> log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Sketch> waiting = [];
    private readonly Queue<string> turns = new();
    private readonly HashSet<string> open = []; // jobs that may have a preview
    private bool busy;

    /// <summary>Takes a row that has done a call of its sampler; does nothing where no preview is due.</summary>
    public void Offer(Row row)
    {
        int every = row.Request.PreviewEvery, done = row.StepsDone;
        if (every == 0 || done / every <= row.PreviewedStep / every || done >= row.Request.Steps) return;
        row.PreviewedStep = done;
        if (row.Model.Result() is not { Preview: { } look } model) return;
        string job = row.Job.Job.Id;
        int factor = model.Description.LatentFactor;
        var sketch = new Sketch(job, row.Index, done, row.Shape, row.Shape.Width * factor, row.Shape.Height * factor, row.State!.Denoised.ToArray(), look);
        lock (gate)
        {
            if (open.Add(job)) _ = CloseAfterAsync(job);
            if (waiting.ContainsKey(job)) PreviewTelemetry.PassedOver();
            else turns.Enqueue(job);
            waiting[job] = sketch;
            if (busy) return;
            busy = true;
        }
        _ = Task.Run(Work);
    }

    private void Work()
    {
        while (true)
        {
            Sketch? next;
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
                PreviewTelemetry.Shown();
            }
            catch (Exception e)
            {
                // A model that is let go meanwhile, or a decoder that refuses: the picture does not need its previews.
                PreviewTelemetry.Failed();
                EngineLog.PreviewFailed(log, next.Job, e);
            }
        }
    }

    private async Task CloseAfterAsync(string job)
    {
        try
        {
            await store.WaitAsync(job, CancellationToken.None);
        }
        finally
        {
            lock (gate)
            {
                open.Remove(job);
                waiting.Remove(job);
                board.Remove(job);
            }
        }
    }

    private sealed record Sketch(string Job, int Index, int Step, LatentShape Shape, int Width, int Height, ReadOnlyMemory<float> Latents, ILatentPreview Look);
}

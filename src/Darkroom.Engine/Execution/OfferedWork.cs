using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>How long the jobs are that wait, and how much work comes.</summary>
internal sealed class OfferedWork(
    IModelDirectory models, IUpscalerDirectory upscalers, DeviceGroup devices, QueuePace pace, EngineOptions options, TimeProvider time,
    AutoencoderChoice? autoencoders = null)
{
    private readonly Dictionary<string, JobWork> works = [];
    private readonly OfferedLoad offered = new();
    private readonly long began = time.GetTimestamp();

    /// <summary>Share of the devices that is asked for: 0…0.9.</summary>
    public double Load { get; private set; }

    /// <summary>What a job needs that was among those <see cref="Count"/> was last given.</summary>
    public JobWork Of(Job job) => works[job.Id];

    /// <summary>A job that nothing can be said of is claimed like any other, and fails alone when it is started.</summary>
    private JobWork WorkOf(Job job)
    {
        try
        {
            return JobWork.Of(job.Request, models, upscalers, autoencoders);
        }
        catch (Exception)
        {
            return JobWork.Unknown(job.Request);
        }
    }

    /// <summary>Counts the jobs that were not seen before.</summary>
    public void Count(IReadOnlyList<Job> waiting)
    {
        double now = time.GetElapsedTime(began).TotalSeconds;
        if (works.Count > 4 * WaitingLine.Seen) works.Clear();
        for (int i = 0; i < waiting.Count; i++)
        {
            var job = waiting[i];
            if (works.ContainsKey(job.Id)) continue;
            var work = works[job.Id] = WorkOf(job);
            var device = devices.All[0];
            offered.Add(now, job.Request.Count * work.MinSecondsOf(device.Costs, options.Policy, device.View.Threads) / devices.All.Count);
        }
        Load = offered.At(now);
        pace.JobSeconds = offered.JobSeconds;
    }
}

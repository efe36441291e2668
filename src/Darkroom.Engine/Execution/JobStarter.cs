using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Stages;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Makes the rows of claimed jobs, each on the device that is done soonest; models and upscalers begin to load.</summary>
/// <param name="active">Takes the jobs.</param>
/// <param name="results">Ends a job that cannot be started.</param>
/// <param name="devices">Where rows run.</param>
/// <param name="models">What is known of models.</param>
/// <param name="upscalers">What is known of upscalers.</param>
/// <param name="sources">Where rows get what they load.</param>
/// <param name="programs">Makes a row's program: <see cref="RowProgram.Of"/>.</param>
/// <param name="autoencoders">What a request's own makes of its model; null: nothing.</param>
internal sealed class JobStarter(
    ActiveJobs active, ResultApplier results, DeviceGroup devices, IModelDirectory models, IUpscalerDirectory upscalers, IRowSources sources,
    Func<RowMemory, IRowSources, int, RowProgram> programs, AutoencoderChoice? autoencoders = null)
{
    private int lastNumber;

    /// <summary>Starts a claimed job. One that cannot even be started fails alone.</summary>
    public async ValueTask StartAsync(Job job, CancellationToken cancellation)
    {
        try
        {
            Start(job);
        }
        catch (Exception e)
        {
            await results.FailAsync(job, e, cancellation);
        }
    }

    private void Start(Job job)
    {
        var started = new ActiveJob(job, JobWork.Of(job.Request, models, upscalers, autoencoders));
        for (int index = 0; index < job.Request.Count; index++)
        {
            int device = Placement.Choose(devices, active, started);
            var memory = new RowMemory(job.Request, ++lastNumber, index, started.Warn) { Shared = started.TextsOn(device) };
            started.Rows.Add(new Row(started, memory, device, programs(memory, sources, device)));
        }
        started.Begin();
        active.Add(started);
    }
}

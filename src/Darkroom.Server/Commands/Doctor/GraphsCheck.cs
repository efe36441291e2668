using System.Diagnostics;
using System.Globalization;
using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>
/// The graphs: every model and upscaler that nothing speaks against is loaded as a request would have it, one after the other. Not among the checks that
/// always run: it takes its time.
/// </summary>
internal sealed class GraphsCheck(ModelPool models, UpscalerPool upscalers)
{
    public const string Name = "graphs";

    public async IAsyncEnumerable<Finding> RunAsync()
    {
        foreach (var model in models.All)
            if (model.Fault is null)
                yield return await LoadAsync(model.Id, () => models.GetAsync(model.Id), () => models.StatusOf(model.Id));
        foreach (var upscaler in upscalers.All)
            yield return upscaler.Fault is { } fault
                ? new(false, $"{upscaler.Id}: {fault}")
                : await LoadAsync(upscaler.Id, () => upscalers.GetAsync(upscaler.Id), () => upscalers.StatusOf(upscaler.Id));
    }

    private static async Task<Finding> LoadAsync(string id, Func<Task> load, Func<ModelStatus> status)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            await load();
            return new(true, string.Create(CultureInfo.InvariantCulture, $"{id}: opens in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        }
        catch (Exception)
        {
            // Whatever it was, the status has it in a sentence with the file's name.
            return new(false, $"{id}: {status().Reason}");
        }
    }
}

using System.Diagnostics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Upscaling;

/// <summary>
/// The upscalers of the catalog, loaded when first asked for and kept. One that could not be loaded stays failed with its reason until the server starts anew.
/// Any thread may ask.
/// </summary>
public sealed class UpscalerPool(UpscalerCatalog catalog, ModelHash hash, SessionSettings settings) : IUpscalerDirectory, IDisposable
{
    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, Task<Upscaler>> loads = new(StringComparer.Ordinal);
    private bool disposed;

    /// <summary>Raised after a load: the upscaler's id, how long it took and why it failed, if it did.</summary>
    public event Action<string, TimeSpan, Exception?>? Loaded;

    /// <summary>Every upscaler; the scale of those that were loaded is known.</summary>
    public IReadOnlyList<UpscalerDescription> All => [.. catalog.All.Select(Current)];

    public UpscalerDescription? Default => catalog.Default is { } found ? Current(found) : null;

    public UpscalerDescription? Find(string id) => catalog.Find(id) is { } found ? Current(found) : null;

    public ModelStatus StatusOf(string id)
    {
        if (catalog.Find(id) is { Fault: { } fault }) return new ModelStatus(ModelState.Failed, fault);
        return LoadOf(id) switch
        {
            null => new ModelStatus(ModelState.Cold),
            { IsCompletedSuccessfully: true } => new ModelStatus(ModelState.Ready, null, LoadOf(id)!.GetAwaiter().GetResult().ContentHash),
            { IsCompleted: true } load => new ModelStatus(ModelState.Failed, Reason(load.Exception!.InnerException!)),
            _ => new ModelStatus(ModelState.Loading),
        };
    }

    /// <summary>The loaded upscaler; the first call for an id starts the load.</summary>
    /// <exception cref="GraphException">Through the task: there is none of this id, or it cannot be used.</exception>
    public Task<Upscaler> GetAsync(string id)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (loads.TryGetValue(id, out var load)) return load;
            // An id of nothing is not kept: the file may come, and any number of wrong names may be asked for.
            if (catalog.Find(id) is not { } description) return Task.FromException<Upscaler>(new GraphException($"there is no upscaler '{id}'"));
            return loads[id] = Task.Run(() => Load(description));
        }
    }

    /// <summary>Lets all go, in the order in which they were asked for. A load that is under way lets go when it is done.</summary>
    public void Dispose()
    {
        Task<Upscaler>[] all;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            all = [.. loads.Values];
        }
        foreach (var load in all)
        {
            if (load.IsCompletedSuccessfully) load.GetAwaiter().GetResult().Dispose();
            else _ = load.ContinueWith(
                static late => late.GetAwaiter().GetResult().Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    private Upscaler Load(UpscalerDescription description)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            if (description.Fault is { } fault) throw new GraphException(fault);
            var upscaler = Upscaler.Load(catalog.FileOf(description.Id), description, settings, hash.OfFiles(catalog.Folder, UpscalerFile.FilesOf(catalog.Folder, description.Id)));
            Loaded?.Invoke(description.Id, Stopwatch.GetElapsedTime(started), null);
            return upscaler;
        }
        catch (Exception e)
        {
            Loaded?.Invoke(description.Id, Stopwatch.GetElapsedTime(started), e);
            throw;
        }
    }

    private Task<Upscaler>? LoadOf(string id)
    {
        lock (gate) return loads.GetValueOrDefault(id);
    }

    /// <summary>The description as the opened graph completed it.</summary>
    private UpscalerDescription Current(UpscalerDescription found) =>
        LoadOf(found.Id) is { IsCompletedSuccessfully: true } load ? load.GetAwaiter().GetResult().Description : found;

    private static string Reason(Exception e) => e is GraphException ? e.Message : $"unexpected: {e.GetType().Name}";
}

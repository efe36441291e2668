using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>One way to make a session.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Change">Makes the difference, on top of the server's settings.</param>
internal sealed record SessionVariant(string Name, params Action<SessionOptions>[] Change)
{
    /// <summary>Whether sessions share a pool of the process, and if so whether its threads spin; null where each session has threads of its own.</summary>
    public bool? GlobalPoolSpins { get; init; }

    /// <summary>Whether sessions share one arena of the process.</summary>
    public bool SharedArena { get; init; }

    /// <summary>Whether batch, height, width and text length are written into the graph, one session for each number of rows.</summary>
    public bool FixedDimensions { get; init; }

    /// <summary>Whether inputs and outputs are passed again at every call instead of being bound once.</summary>
    public bool Unbound { get; init; }

    public static Action<SessionOptions> Threads(int count) => options => options.IntraOpNumThreads = count;

    public static Action<SessionOptions> Entry(string key, string value) => options => options.AddSessionConfigEntry(key, value);
}

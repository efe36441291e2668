using System.Text.Json.Serialization;

namespace Darkroom.Server.Commands.Top;

// Settable: what is read by generated code would give an init-only property that is absent null, and not what stands here.

/// <summary>What <c>top</c> reads of <c>GET /v1/stats</c>; what a newer server tells beyond is passed over.</summary>
internal sealed record TopStats
{
    public string Version { get; set; } = "";
    public string Role { get; set; } = "";
    public double Uptime { get; set; }
    public TopQueue Queue { get; set; } = new();
    public IReadOnlyList<TopDevice> Devices { get; set; } = [];
    public IReadOnlyList<TopMemory> Memory { get; set; } = [];
    public TopBatches? Batches { get; set; }
    public TopRates? Rates { get; set; }
    public IReadOnlyList<TopWorker> Workers { get; set; } = [];
}

internal sealed record TopQueue
{
    public int Waiting { get; set; }
    public int Running { get; set; }
    public double MegapixelSteps { get; set; }
    public double? Oldest { get; set; }
    public bool Paused { get; set; }
}

internal sealed record TopDevice
{
    public string Name { get; set; } = "";
    public string State { get; set; } = "";
    public double Busy { get; set; }
    public long UsedBytes { get; set; }
    public long? BudgetBytes { get; set; }
    public IReadOnlyList<TopLoaded> Loaded { get; set; } = [];
    public IReadOnlyList<TopCall> Calls { get; set; } = [];
}

internal sealed record TopLoaded(string Part, long Bytes);

internal sealed record TopCall(string Stage, string Model, int Rows, double Seconds);

internal sealed record TopMemory(string Part, long Bytes, long? LimitBytes);

internal sealed record TopBatches(double Calls, double? MeanRows);

internal sealed record TopRates(double Jobs, double Pictures, double MegapixelSteps);

internal sealed record TopWorker
{
    public string Id { get; set; } = "";
    public IReadOnlyList<string> Devices { get; set; } = [];
    public IReadOnlyList<string> Ready { get; set; } = [];
    public IReadOnlyList<string> Models { get; set; } = [];
    public long MemoryBytes { get; set; }
}

/// <summary>What it reads of <c>GET /v1/jobs</c>.</summary>
internal sealed record TopJobs
{
    public IReadOnlyList<TopJob> Data { get; set; } = [];
}

internal sealed record TopJob
{
    public string Id { get; set; } = "";
    public string Task { get; set; } = "";
    public string Status { get; set; } = "";
    public string Model { get; set; } = "";
    public TopProgress Progress { get; set; } = new();
}

internal sealed record TopProgress
{
    public double Share { get; set; }
    public int Step { get; set; }
    public int Steps { get; set; }
    public int? Position { get; set; }
    public double? Eta { get; set; }
}

/// <summary>What it reads of a problem.</summary>
internal sealed record TopProblem
{
    public string? Detail { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TopStats))]
[JsonSerializable(typeof(TopJobs))]
[JsonSerializable(typeof(TopProblem))]
internal sealed partial class TopJson : JsonSerializerContext;

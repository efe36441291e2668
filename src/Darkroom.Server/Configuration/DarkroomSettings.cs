namespace Darkroom.Server.Configuration;

/// <summary>Everything under <c>Darkroom</c> in the settings; read once, right by then, never changed.</summary>
public sealed record DarkroomSettings
{
    /// <summary>Absolute folder of the models.</summary>
    public required string ModelsPath { get; init; }

    /// <summary>Absolute folder of what the server keeps.</summary>
    public required string DataPath { get; init; }

    /// <summary>Id of the model of requests that name none; null: <c>starter</c> where present, else the first.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>What a shutdown leaves running work.</summary>
    public TimeSpan DrainTimeout { get; init; }

    public LogFormat LogFormat { get; init; }

    public required EngineSettings Engine { get; init; }
}

/// <param name="Target">What the engine trades for what.</param>
/// <param name="MaxBatch">Rows of one denoiser call.</param>
/// <param name="MaxQueued">Jobs that may wait.</param>
public sealed record EngineSettings(EngineTarget Target, int MaxBatch, int MaxQueued);

public enum EngineTarget { Latency, Throughput, Balanced }

/// <summary>What the console gets: plain lines for a terminal and JSON else, one of the two, or nothing.</summary>
public enum LogFormat { Auto, Text, Json, Off }

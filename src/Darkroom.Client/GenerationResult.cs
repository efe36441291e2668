namespace Darkroom.Client;

/// <summary>A finished generation.</summary>
public sealed record GenerationResult
{
    /// <summary>Of the job.</summary>
    public required string Id { get; init; }

    /// <summary>What the job did.</summary>
    public required GenerationTask Task { get; init; }

    /// <summary>Succeeded.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>When the request was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work on it began, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was done, UTC.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Every value that was used, seed and defaults resolved.</summary>
    public required RequestFields Parameters { get; init; }

    /// <summary>The pictures, in the order of their index.</summary>
    public required IReadOnlyList<GeneratedImage> Images { get; init; }

    /// <summary>The noise that was taken out of the picture that was sent; null for other tasks.</summary>
    public FoundNoise? Noise { get; init; }

    /// <summary>Which candidate the picture that was sent is; null for other tasks.</summary>
    public Classification? Classification { get; init; }

    /// <summary>How likely the picture that was sent is; null for other tasks.</summary>
    public Likelihood? Likelihood { get; init; }

    /// <summary>What layers gave for the picture that was sent; null for other tasks.</summary>
    public FeaturesFile? Features { get; init; }

    /// <summary>Whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time went.</summary>
    public required JobTimings Timings { get; init; }

    /// <summary>What it took of the machine; null where that is not known.</summary>
    public JobUsage? Usage { get; init; }
}

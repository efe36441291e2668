namespace Darkroom.Client;

/// <summary>A job as it stood when the server was asked.</summary>
public sealed record JobSnapshot
{
    /// <summary>Of the job.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required GenerationTask Task { get; init; }

    /// <summary>How it stands.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>When the request was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work on it began, UTC; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, UTC; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>What was asked, every default resolved.</summary>
    public required RequestFields Parameters { get; init; }

    /// <summary>How far it is.</summary>
    public required JobProgress Progress { get; init; }

    /// <summary>The pictures of one that succeeded, by their addresses.</summary>
    public required IReadOnlyList<GeneratedImage> Images { get; init; }

    /// <summary>The noise that was taken out of the picture that was sent; null for other tasks.</summary>
    public FoundNoise? Noise { get; init; }

    /// <summary>Which candidate the picture that was sent is; null for other tasks.</summary>
    public Classification? Classification { get; init; }

    /// <summary>How likely the picture that was sent is; null for other tasks.</summary>
    public Likelihood? Likelihood { get; init; }

    /// <summary>What layers gave for the picture that was sent, of a job of <c>features</c> that succeeded.</summary>
    public FeaturesFile? Features { get; init; }

    /// <summary>Whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time of one that succeeded went.</summary>
    public JobTimings? Timings { get; init; }

    /// <summary>What it took of the machine; null until that was told.</summary>
    public JobUsage? Usage { get; init; }

    /// <summary>Why it ended without pictures; null for any other.</summary>
    public DarkroomProblem? Problem { get; init; }

    /// <summary>What a job that succeeded gave, its pictures by their addresses; null for any other.</summary>
    internal GenerationResult? Result => Status != JobStatus.Succeeded || Timings is null ? null : new()
    {
        Id = Id,
        Task = Task,
        Status = Status,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        Model = Model,
        Parameters = Parameters,
        Images = Images,
        Noise = Noise,
        Classification = Classification,
        Likelihood = Likelihood,
        Features = Features,
        Warnings = Warnings,
        Timings = Timings,
        Usage = Usage,
    };
}

/// <summary>A page of jobs.</summary>
internal sealed record JobPage(IReadOnlyList<JobSnapshot> Data, string? Next);

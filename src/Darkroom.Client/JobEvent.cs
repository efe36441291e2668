using System.Text.Json;

namespace Darkroom.Client;

/// <summary>Something that happened to a job.</summary>
public abstract record JobEvent
{
    private protected JobEvent()
    {
    }

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Where reading goes on after this one; null where the server gave none.</summary>
    public string? Mark { get; init; }

    /// <summary>Whether nothing comes after it.</summary>
    public virtual bool IsEnd => false;
}

/// <summary>The job waits.</summary>
/// <param name="At">Since when, UTC.</param>
/// <param name="Position">Waiting jobs before this one, 0: it is next; null where it does not wait any more.</param>
/// <param name="Eta">Seconds until it is done; null where no pace is known.</param>
public sealed record JobQueued(DateTimeOffset At, int? Position, double? Eta) : JobEvent;

/// <summary>Work on the job began.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Eta">Seconds until it is done; null where no pace is known.</param>
public sealed record JobStarted(DateTimeOffset At, double? Eta) : JobEvent;

/// <summary>The job went on. A reader who is slow gets the newest of these alone.</summary>
/// <param name="Step">Steps done, over all pictures.</param>
/// <param name="Steps">Steps wanted.</param>
/// <param name="Share">0…1</param>
/// <param name="Eta">Seconds until it is done; null where no pace is known.</param>
public sealed record JobProgressed(int Step, int Steps, double Share, double? Eta) : JobEvent;

/// <summary>What a picture looks like so far; only where the request asked for it by <see cref="GenerationRequest.PreviewEvery"/>.</summary>
/// <param name="Index">Which picture, from 0.</param>
/// <param name="Step">Steps of this picture that were done.</param>
/// <param name="Format">Of the file.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Data">The file.</param>
public sealed record JobPreview(int Index, int Step, PictureFormat Format, int Width, int Height, ReadOnlyMemory<byte> Data) : JobEvent;

/// <summary>The pictures are finished.</summary>
/// <param name="Result">Them, by their addresses.</param>
public sealed record JobSucceeded(GenerationResult Result) : JobEvent
{
    /// <inheritdoc/>
    public override bool IsEnd => true;
}

/// <summary>The job could not be done.</summary>
/// <param name="Problem">Why.</param>
public sealed record JobFailed(DarkroomProblem Problem) : JobEvent
{
    /// <inheritdoc/>
    public override bool IsEnd => true;
}

/// <summary>The job was cancelled.</summary>
/// <param name="Problem">Why.</param>
public sealed record JobCancelled(DarkroomProblem Problem) : JobEvent
{
    /// <inheritdoc/>
    public override bool IsEnd => true;
}

/// <summary>The job's deadline has passed.</summary>
/// <param name="Problem">Why.</param>
public sealed record JobExpired(DarkroomProblem Problem) : JobEvent
{
    /// <inheritdoc/>
    public override bool IsEnd => true;
}

/// <summary>Something that this version of the client does not know.</summary>
/// <param name="Name">What the server calls it.</param>
/// <param name="Data">What it says of it.</param>
public sealed record UnknownJobEvent(string Name, JsonElement Data) : JobEvent;

using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>How a job stands.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<JobStatus>))]
public readonly record struct JobStatus(string Value) : IWireName<JobStatus>
{
    /// <summary>It waits.</summary>
    public static JobStatus Queued => new("queued");

    /// <summary>It is being made.</summary>
    public static JobStatus Running => new("running");

    /// <summary>Its pictures are finished.</summary>
    public static JobStatus Succeeded => new("succeeded");

    /// <summary>It could not be done.</summary>
    public static JobStatus Failed => new("failed");

    /// <summary>It was cancelled.</summary>
    public static JobStatus Cancelled => new("cancelled");

    /// <summary>Its deadline has passed.</summary>
    public static JobStatus Expired => new("expired");

    /// <summary>Whether it is one of the ends: nothing happens to the job any more.</summary>
    public bool IsFinished => this == Succeeded || this == Failed || this == Cancelled || this == Expired;

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator JobStatus(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static JobStatus IWireName<JobStatus>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}

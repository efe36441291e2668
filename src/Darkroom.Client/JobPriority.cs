using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>A job's place in the queue.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<JobPriority>))]
public readonly record struct JobPriority(string Value) : IWireName<JobPriority>
{
    /// <summary>After all others.</summary>
    public static JobPriority Low => new("low");

    /// <summary>As most are.</summary>
    public static JobPriority Normal => new("normal");

    /// <summary>Before all others.</summary>
    public static JobPriority High => new("high");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator JobPriority(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static JobPriority IWireName<JobPriority>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}

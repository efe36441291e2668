using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Engine.Scheduling;

/// <summary>
/// A kind of network that rows share calls of, and all that scheduling and accounting know of it. The stage that calls it declares it; nobody lists kinds, and
/// two of one name are equal.
/// </summary>
/// <param name="name">Unique; kept in files.</param>
[JsonConverter(typeof(ByName))]
internal sealed class NetworkKind(string name) : IEquatable<NetworkKind>
{
    private readonly int hash = name.GetHashCode(StringComparison.Ordinal); // asked for at every step

    public string Name { get; } = name;

    /// <summary>Whether its calls are the steps of a job: calls of other kinds may hold those up for a bounded time only.</summary>
    public bool IsMain { get; init; }

    /// <summary>Whether a row that wants it comes to the main network next, so that running it soon fills a batch there.</summary>
    public bool LeadsToMain { get; init; }

    /// <summary>
    /// Whether the evaluations that a row wants may go through several calls. Then no call of it is longer than others may be held up, but for one of a
    /// single evaluation.
    /// </summary>
    public bool IsDivisible { get; init; }

    /// <summary>Multiplications and additions of one evaluation for each weight of the network, by cells of the shape (height × width, at least 1).</summary>
    public Func<double, double> WorkPerWeight { get; init; } = static _ => 110;

    /// <summary>What an evaluation over a megapixel counts in a caller's share, in megapixel-steps: a guidance pair is 1.</summary>
    public double ShareWeight { get; init; } = 1;

    /// <summary>Which of a job's timings its calls count towards.</summary>
    public TimingKind Timing { get; init; }

    public bool Equals(NetworkKind? other) => ReferenceEquals(this, other) || (other is not null && Name == other.Name);

    public override bool Equals(object? obj) => Equals(obj as NetworkKind);

    public override int GetHashCode() => hash;

    public override string ToString() => Name;

    private sealed class ByName : JsonConverter<NetworkKind>
    {
        public override NetworkKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString() ?? throw new JsonException("a network kind has no name"));

        public override void Write(Utf8JsonWriter writer, NetworkKind value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }
}

/// <summary>The timings that a job reports.</summary>
internal enum TimingKind { Encode, Denoise, Decode }

namespace Darkroom.Client;

/// <summary>A low-rank adaptation that is merged into the model.</summary>
/// <param name="Id">From <see cref="DarkroomClient.ListLorasAsync"/>.</param>
/// <param name="Weight">−4…4; null: 1.</param>
public sealed record LoraUse(string Id, double? Weight = null)
{
    /// <summary>−4…4: the weight for the text encoders; null: <see cref="Weight"/>.</summary>
    public double? TextWeight { get; init; }

    /// <summary>SHA-256 of its file as it was when a picture was made before: where it has changed, the answer warns; null: not compared.</summary>
    public string? Hash { get; init; }

    /// <summary>One by its id, at weight 1.</summary>
    public static implicit operator LoraUse(string id) => new(id);
}

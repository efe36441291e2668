namespace Darkroom.Engine.Jobs;

/// <summary>A picture that a request makes again, to be compared with what comes out.</summary>
public sealed record VerifyOrder
{
    public required InputPicture Picture { get; init; }

    /// <summary>The first digits of the content hash of the model that made it, in hex; null: its file does not say.</summary>
    public string? ModelHash { get; init; }
}

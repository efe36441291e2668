namespace Darkroom.Client;

/// <summary>What every task takes whose answer is pictures.</summary>
public abstract record PictureTaskRequest : DarkroomRequest
{
    private protected PictureTaskRequest(GenerationTask task)
        : base(task)
    {
    }

    /// <summary>Format of the pictures; null: PNG.</summary>
    public PictureFormat? Format { get; init; }

    /// <summary>1…100, for JPEG and WebP; null: 90.</summary>
    public int? Quality { get; init; }

    /// <summary>Whether the picture's file says how it was made; null: it does.</summary>
    public bool? Metadata { get; init; }

    /// <summary>
    /// Whether <see cref="DarkroomClient.GenerateAsync(DarkroomRequest, CancellationToken)"/> fetches the pictures' bytes or leaves them at their addresses;
    /// null: it fetches them.
    /// </summary>
    public ReturnMode? Return { get; init; }
}

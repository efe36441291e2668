namespace Darkroom.Client;

/// <summary>Says which of several texts or classes a picture is most like to a model.</summary>
public sealed record ClassifyRequest : LookRequest
{
    /// <summary>With nothing but defaults.</summary>
    public ClassifyRequest()
        : base(GenerationTask.Classify)
    {
    }

    /// <summary>2…64 different texts, or numbers of classes for a model that was trained on classes. Required.</summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>1…256: noises that each is tried with; null: 32.</summary>
    public int? Trials { get; init; }

    /// <summary>Training timesteps that trials take in turn; null: all, spread evenly.</summary>
    public IReadOnlyList<int>? Timesteps { get; init; }
}

namespace Darkroom.Client;

/// <summary>Says how likely a model finds a picture.</summary>
public sealed record LikelihoodRequest : LookRequest
{
    /// <summary>With nothing but defaults.</summary>
    public LikelihoodRequest()
        : base(GenerationTask.Likelihood)
    {
    }

    /// <summary>2…150: steps of the probability-flow ODE; null: 50.</summary>
    public int? Steps { get; init; }

    /// <summary>1…16: directions that the divergence is measured along at each step; null: 2.</summary>
    public int? Probes { get; init; }
}

namespace Darkroom.Client;

/// <summary>The noise that was taken out of a picture.</summary>
/// <param name="Deviation">Standard deviation as a share of the full scale, as it was given or estimated: 0.1 is 25.5 of 255.</param>
/// <param name="Level">Noise over signal where the reverse process began, in the model's latents.</param>
public sealed record FoundNoise(double Deviation, double Level);

/// <summary>Which of several candidates a picture is most like to a model. All lists are in the order of the candidates.</summary>
public sealed record Classification
{
    /// <summary>What the picture was held against.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>The candidate with the least error.</summary>
    public required string Best { get; init; }

    /// <summary>Mean squared error of the model's predictions under each candidate: the least is the best.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>Standard error of how far each is behind the best; 0 for that itself. Null with one trial.</summary>
    public IReadOnlyList<double>? Errors { get; init; }

    /// <summary>The posterior, with all candidates equally likely before: 0…1, together 1.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Trials that each was asked in.</summary>
    public required IReadOnlyList<int> Trials { get; init; }

    /// <summary>How sure it is that more trials would find the same one best: 0…1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Evaluations of the network that it took.</summary>
    public required int Evaluations { get; init; }
}

/// <summary>How likely a model finds a picture.</summary>
public sealed record Likelihood
{
    /// <summary>−log₂ of the likelihood for each value; of latents it may be below 0.</summary>
    public required double BitsPerDim { get; init; }

    /// <summary>ln of the probability of the picture's values, or of the density of its latents or floats; nats.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Standard error of <see cref="BitsPerDim"/>; null with one probe.</summary>
    public double? Error { get; init; }

    /// <summary>Values that it is about.</summary>
    public required int Dimensions { get; init; }

    /// <summary><c>pixels</c>: the picture itself; <c>latents</c>: what the model's autoencoder makes of it.</summary>
    public required string Space { get; init; }
}

using System.Text.Json.Serialization;

namespace Darkroom.Engine.Jobs;

/// <summary>Noise that is taken out of a picture.</summary>
/// <param name="Noise">Its standard deviation as a share of the full scale, above 0, at most 1; null: it is estimated.</param>
/// <param name="Strength">Above 0, at most 1: the share of it that is taken out.</param>
public sealed record DenoiseOrder(double? Noise, double Strength);

/// <summary>A picture that is held against candidates. Trials are the request's steps.</summary>
/// <param name="Candidates">Texts, or numbers of classes; all different, 2…64.</param>
/// <param name="AreClasses">Whether they are classes.</param>
/// <param name="Timesteps">What trials take their timesteps from, in turn; null: all, spread evenly.</param>
public sealed record ClassifyOrder(IReadOnlyList<string> Candidates, bool AreClasses, IReadOnlyList<int>? Timesteps);

/// <summary>How likely a model finds a picture. Steps of the ODE are the request's.</summary>
/// <param name="Probes">1…16, of the divergence at each step.</param>
public sealed record LikelihoodOrder(int Probes);

/// <summary>Layers of the network whose activations are read.</summary>
/// <param name="Timestep">Of the model's training, whose noise the picture is shown with.</param>
/// <param name="Layers">1…32 names, all different.</param>
public sealed record FeaturesOrder(int Timestep, IReadOnlyList<string> Layers);

/// <summary>What a job found of a picture in the place of making one, or beside it.</summary>
public sealed record JobFinding
{
    /// <summary>The noise that was taken out; null for another task.</summary>
    public NoiseFound? Noise { get; init; }

    /// <summary>Which candidate it is; null for another task.</summary>
    public Classification? Classification { get; init; }

    /// <summary>How likely it is; null for another task.</summary>
    public LikelihoodFound? Likelihood { get; init; }

    /// <summary>What layers gave; null for another task.</summary>
    public FeaturesFound? Features { get; init; }
}

/// <summary>What layers gave for a picture.</summary>
/// <param name="Layers">In the order of the request.</param>
/// <param name="ArtifactId">The safetensors file with their values, in the artifact store.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
/// <param name="Bytes">Its length.</param>
public sealed record FeaturesFound(IReadOnlyList<LayerFound> Layers, string ArtifactId, string Sha256, long Bytes);

/// <summary>What a layer gave.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Shape">Without an axis for pictures.</param>
public sealed record LayerFound(string Name, IReadOnlyList<int> Shape);

/// <summary>The noise of a picture.</summary>
/// <param name="Noise">Standard deviation as a share of the full scale, as it was given or estimated.</param>
/// <param name="Level">Of the latents, where the reverse process began: noise over signal.</param>
public sealed record NoiseFound(double Noise, double Level);

/// <summary>What candidates came to.</summary>
/// <param name="Candidates">In the order of the request.</param>
/// <param name="Best">Which of them erred least.</param>
/// <param name="Confidence">How sure it is that more trials would find the same one best, 0…1.</param>
/// <param name="Evaluations">Of the network.</param>
public sealed record Classification(IReadOnlyList<CandidateFound> Candidates, int Best, double Confidence, int Evaluations);

/// <summary>What a candidate came to.</summary>
/// <param name="Candidate">The text, or the number of the class.</param>
/// <param name="Score">Mean squared error of the network's predictions.</param>
/// <param name="Error">Standard error of how far it is behind the best; null where one trial was asked for.</param>
/// <param name="Probability">0…1, with all of them equally likely before.</param>
/// <param name="Trials">That it was asked in.</param>
public sealed record CandidateFound(string Candidate, double Score, double? Error, double Probability, int Trials);

/// <summary>How likely a model finds a picture.</summary>
/// <param name="LogLikelihood">ln of its probability, or of its density where <see cref="IsOfLatents"/>; nats.</param>
/// <param name="Error">Standard error of it; null where there was one probe.</param>
/// <param name="Length">Values: pixels times channels, or the same of latents.</param>
/// <param name="IsOfLatents">Whether it is the density of the autoencoder's latents.</param>
public sealed record LikelihoodFound(double LogLikelihood, double? Error, int Length, bool IsOfLatents)
{
    /// <summary>−log₂ of it for each value.</summary>
    [JsonIgnore]
    public double BitsPerDimension => -LogLikelihood / Length / Math.Log(2);

    /// <summary>The standard error of that.</summary>
    [JsonIgnore]
    public double? BitsError => Error / Length / Math.Log(2);
}

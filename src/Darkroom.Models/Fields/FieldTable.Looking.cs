namespace Darkroom.Models.Fields;

/// <summary>The fields of denoise, classify, likelihood and features, which look at a picture that was sent.</summary>
public static partial class FieldTable
{
    public static readonly FieldInfo LookImage = new("image", new PictureType(takesValues: true), FieldTasks.Looks,
        "The picture to look at. Transparent parts of it count as white.") { IsRequired = true, IsPrivate = true };

    public static readonly FieldInfo DenoisePrompt = new("prompt", new TextType(PromptCharacters), FieldTasks.Denoise | FieldTasks.Features,
        "What the picture shows, where that is known.") { Default = "", IsPrivate = true };

    public static readonly FieldInfo RemovedNoise = new("noise", new NumberType(0, 1) { AboveMin = true }, FieldTasks.Denoise,
        "Standard deviation of the noise, as a share of the full scale: 0.1 is 25.5 of 255.")
        { DefaultText = "estimated from the picture's finest differences" };

    public static readonly FieldInfo RemovedShare = new("strength", new NumberType(0, 1) { AboveMin = true }, FieldTasks.Denoise,
        "The share of that noise that is taken out.") { Default = 1.0 };

    public static readonly FieldInfo DenoiseSteps = new("steps", new WholeType(1, 150), FieldTasks.Denoise,
        "Steps of the reverse process. 1 gives the mean of all pictures that it may have been, which is nearest to the one that it was; more give a single one "
        + "of them, with sharper detail that is more often wrong.") { Default = 1L };

    public static readonly FieldInfo Candidates = new("candidates", new CandidatesType(), FieldTasks.Classify,
        "What the picture may show: texts for a model that reads prompts, numbers of classes for one that was trained on classes.")
        { IsRequired = true, IsPrivate = true };

    public static readonly FieldInfo Trials = new("trials", new WholeType(1, 256), FieldTasks.Classify,
        "Noises that each candidate is tried with; those that are surely behind are tried with fewer.") { Default = 32L };

    public static readonly FieldInfo Timesteps = new("timesteps", new TimestepsType(), FieldTasks.Classify,
        "Training timesteps that trials take in turn.") { DefaultText = "all, spread evenly" };

    public static readonly FieldInfo LikelihoodSteps = new("steps", new WholeType(2, 150), FieldTasks.Likelihood, "Steps of the probability-flow ODE.")
        { Default = 50L };

    public static readonly FieldInfo Probes = new("probes", new WholeType(1, 16), FieldTasks.Likelihood,
        "Random directions that the divergence is measured along at each step; with 2 and more the answer has an error bar.") { Default = 2L };

    /// <summary>Where Tang et al. 2023 ("Emergent Correspondence from Image Diffusion") found what a picture shows told best.</summary>
    public const int DefaultTimestep = 261;

    public static readonly FieldInfo Timestep = new("timestep", new WholeType(0, TimestepsType.MaxTimestep), FieldTasks.Features,
        "Training timestep whose noise the picture is shown with: little noise tells of texture, more of what it shows.") { Default = (long)DefaultTimestep };

    public static readonly FieldInfo Layers = new("layers", new LayersType(), FieldTasks.Features,
        "Layers whose activations are read, as GET /v1/models/{id} lists them; a node of the denoiser's graph by its name, too.")
        { DefaultText = "the middle of the network" };
}

using Darkroom.Models.Sessions;
using Darkroom.Server.Configuration.Rows;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>What ONNX Runtime's CUDA provider is asked for, on every GPU.</summary>
internal static class CudaGroup
{
    public static readonly SettingGroup Group = new(
        "GPUs", "Of devices that are `cuda` alone. The defaults follow what is known from documents: [decision 52](decisions/0052-gpu-options.md).");

    private const long MiB = 1024 * 1024;

    private static readonly CudaOptions Usual = new();

    private static readonly Setting<long?> Arena = Group.OptionalNumber(
        "Engine:Cuda:ArenaMiB", new NumberKind<long>(64, 16_777_216, "MiB"),
        "what `Engine:ModelMemoryMiB` and 1 GiB leave of a GPU; else no limit",
        "What one network's calls may take of a GPU's memory beside the weights. Workspaces of cuDNN and cuBLAS are not in it.");

    private static readonly Setting<ArenaGrowth> Growth = Group.Choice(
        "Engine:Cuda:ArenaGrowth", Usual.ArenaGrowth, "How that memory grows: by what is asked for, or by powers of two, which leave up to half of it unused.");

    private static readonly Setting<ConvolutionSearch> Search = Group.Choice(
        "Engine:Cuda:ConvolutionSearch", Usual.ConvolutionSearch,
        "How cuDNN chooses kernels for each new size and batch: by its rules at once, or by a longer search, which can take a second for a size.");

    private static readonly Setting<bool> Workspace = Group.Flag(
        "Engine:Cuda:ConvolutionWorkspace", Usual.ConvolutionWorkspace,
        "Whether convolutions may take as much memory as their fastest kernel wants; else 32 MiB.");

    private static readonly Setting<bool> Bias = Group.Flag(
        "Engine:Cuda:FuseConvolutionBias", Usual.FuseConvolutionBias, "Whether cuDNN adds the bias of a convolution in the same kernel.");

    private static readonly Setting<bool> Nhwc = Group.Flag(
        "Engine:Cuda:PreferNhwc", Usual.PreferNhwc,
        "Whether convolutions are done with channels last, which tensor cores like, and tensors are turned for them.");

    private static readonly Setting<bool> Tf32 = Group.Flag(
        "Engine:Cuda:Tf32", Usual.Tf32, "Whether products in float32 may round their factors to 10 bits (TF32), from Ampere on. Graphs in float16 have none.");

    private static readonly Setting<int> Graphs = Group.Number(
        "Engine:Cuda:Graphs", new NumberKind<int>(0, 64, "shapes"), Usual.Graphs,
        "Shapes of a network's calls that are captured as CUDA graphs once they have come often. Each keeps memory while the network is open. 0: none.");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings)
    {
        var options = new CudaOptions
        {
            ArenaBytes = section.Read(Arena) * MiB,
            ArenaGrowth = section.Read(Growth),
            ConvolutionSearch = section.Read(Search),
            ConvolutionWorkspace = section.Read(Workspace),
            FuseConvolutionBias = section.Read(Bias),
            PreferNhwc = section.Read(Nhwc),
            Tf32 = section.Read(Tf32),
            Graphs = section.Read(Graphs),
        };
        return settings with
        {
            Engine = settings.Engine with { Devices = [.. settings.Engine.Devices.Select(device => device with { Options = options })] },
        };
    }
}

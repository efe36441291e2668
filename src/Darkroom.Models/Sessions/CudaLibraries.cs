using System.Runtime.InteropServices;

namespace Darkroom.Models.Sessions;

/// <summary>
/// The libraries of a GPU host that ONNX Runtime's CUDA provider loads, by the names that it asks for on Linux: version 1.31 is built for CUDA 13 and
/// cuDNN 9. A test of the GPU build holds the list against the provider's own.
/// </summary>
internal static class CudaLibraries
{
    private static readonly (string File, string Origin)[] All =
    [
        ("libcuda.so.1", "NVIDIA's driver"),
        ("libcudart.so.13", "CUDA 13"),
        ("libcublas.so.13", "CUDA 13"),
        ("libcublasLt.so.13", "CUDA 13"),
        ("libcurand.so.10", "CUDA 13"),
        ("libcufft.so.12", "CUDA 13"),
        ("libcudnn.so.9", "cuDNN 9"),
    ];

    /// <summary>Those that do not load, each with where it comes from; none on other systems, where the provider itself says it.</summary>
    public static IReadOnlyList<string> Missing() =>
        OperatingSystem.IsLinux() ? [.. All.Where(library => !Loads(library.File)).Select(library => $"{library.File} ({library.Origin})")] : [];

    // They stay loaded: the provider takes them next.
    private static bool Loads(string file) => NativeLibrary.TryLoad(file, out _);
}

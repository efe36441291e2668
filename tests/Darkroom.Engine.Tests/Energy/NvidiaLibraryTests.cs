using System.Diagnostics;
using Darkroom.Engine.Energy;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Energy;

/// <summary>The functions of NVIDIA's library are called as their header declares them: a library with those of nvml.h is compiled for it.</summary>
public sealed class NvidiaLibraryTests : IDisposable
{
    private const string Source = """
        #include <string.h>
        typedef struct gpu { unsigned long long millijoules; const char *name; } *nvmlDevice_t;
        static struct gpu gpus[2] = { { 5000000000ULL, "first" }, { 7, "second" } };
        int nvmlInit_v2(void) { return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) { if (index > 1) return 2; *device = &gpus[index]; return 0; }
        int nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) { if (strcmp(uuid, "GPU-two")) return 6; *device = &gpus[1]; return 0; }
        int nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device, unsigned long long *energy) { *energy = device->millijoules++; return 0; }
        int nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) { strncpy(name, device->name, length); return 0; }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-nvml-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Devices_are_found_by_number_and_id_and_tell_name_and_energy()
    {
        var library = NvidiaLibrary.Load(Compile())!;
        Assert.Null(library.Find("2"));
        Assert.Null(library.Find("GPU-none"));
        var (first, second) = (library.Find("0")!.Value, library.Find("GPU-two")!.Value);
        Assert.Equal(library.Find("1"), second);
        Assert.Equal(("first", "second"), (library.TitleOf(first), library.TitleOf(second)));
        var meter = new NvidiaMeter(library, first);
        Assert.Equal((5_000_000.0, 5_000_000.001), (meter.Joules, meter.Joules));
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++) _ = meter.Joules;
        }));
    }

    private string Compile()
    {
        string source = Path.Combine(folder, "nvml.c"), library = Path.Combine(folder, "libnvidia-test.so");
        File.WriteAllText(source, Source);
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-o", library, source]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no C compiler here.");
        }
        return library;
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace Darkroom.Engine.Energy;

/// <summary>NVIDIA's management library, which comes with the driver: loaded where it is, and done without where it is not.</summary>
internal sealed class NvidiaLibrary
{
    private const int Success = 0, NameLength = 96;

    private static readonly Lazy<NvidiaLibrary?> Loaded = new(() => Load("libnvidia-ml.so.1", "nvml.dll"));

    private readonly HandleByIndex byIndex;
    private readonly HandleByText byUuid;
    private readonly TotalEnergy energy;
    private readonly NameOf name;

    private NvidiaLibrary(nint library)
    {
        byIndex = Function<HandleByIndex>(library, "nvmlDeviceGetHandleByIndex_v2");
        byUuid = Function<HandleByText>(library, "nvmlDeviceGetHandleByUUID");
        energy = Function<TotalEnergy>(library, "nvmlDeviceGetTotalEnergyConsumption");
        name = Function<NameOf>(library, "nvmlDeviceGetName");
    }

    private delegate int Initialise();

    private delegate int HandleByIndex(uint index, out nint device);

    private delegate int HandleByText(byte[] uuid, out nint device);

    private delegate int TotalEnergy(nint device, out ulong millijoules);

    private delegate int NameOf(nint device, byte[] text, uint length);

    /// <summary>The machine's; null where it has none.</summary>
    public static NvidiaLibrary? OfMachine => Loaded.Value;

    /// <summary>The first of these that can be loaded and begins; null where none does.</summary>
    internal static NvidiaLibrary? Load(params string[] files)
    {
        foreach (string file in files)
        {
            if (!NativeLibrary.TryLoad(file, out nint library)) continue;
            try
            {
                if (Function<Initialise>(library, "nvmlInit_v2")() == Success) return new(library);
            }
            catch (EntryPointNotFoundException)
            {
                // A driver of before 2017: it is done without.
            }
        }
        return null;
    }

    /// <summary>A GPU by its number or its id (<c>GPU-…</c>); null where there is none.</summary>
    public nint? Find(string which) => uint.TryParse(which, out uint index)
        ? byIndex(index, out nint device) == Success ? device : null
        : byUuid([.. Encoding.ASCII.GetBytes(which), 0], out device) == Success ? device : null;

    /// <summary>Millijoules since the driver was loaded; null where the GPU does not tell.</summary>
    public ulong? MillijoulesOf(nint device) => energy(device, out ulong millijoules) == Success ? millijoules : null;

    public string? TitleOf(nint device)
    {
        byte[] text = new byte[NameLength];
        return name(device, text, NameLength) == Success ? Encoding.ASCII.GetString(text).TrimEnd('\0') : null;
    }

    private static T Function<T>(nint library, string export) where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, export));
}

using System.Reflection;
using System.Runtime.InteropServices;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>A native library that the program brings along: whether this machine can load it.</summary>
internal sealed class NativeLibraryCheck(string name, IReadOnlyList<string> files) : IDoctorCheck
{
    public string Name => name;

    public IEnumerable<Finding> Run()
    {
        foreach (var file in files)
            if (NativeLibrary.TryLoad(file, Assembly.GetExecutingAssembly(), null, out _))
                return [new(true, "its native library loads")];
        return
        [
            new(false, $"Its native library ({files[0]}) does not load. It comes with the program for glibc Linux, Windows and macOS on 64-bit processors: "
                + "restore the packages again, or, on another system, install it."),
        ];
    }
}

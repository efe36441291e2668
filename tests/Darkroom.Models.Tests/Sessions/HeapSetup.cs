using System.Runtime.CompilerServices;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>
/// Sets the native heaps up before any thread or session, as the server does and as <see cref="NativeHeap.Configure"/> asks for: sessions that came and went
/// before it leave holes of megabytes in them, which later blocks then come from.
/// </summary>
internal static class HeapSetup
{
    [ModuleInitializer]
    internal static void Configure() => NativeHeap.Configure();
}

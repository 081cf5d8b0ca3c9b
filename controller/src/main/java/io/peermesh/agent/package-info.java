/**
 * The client's own program: {@code peermesh client}. Speaks WireGuard to every controller of a
 * clientpack, uses one, keeps the others warm, and moves when the one in use falls silent.
 *
 * <pre>
 *   ClientCommand   up, status, use, down, failover-script: the command line
 *     |
 *   AgentProcess    one agent: device, threads, socket; taken away again in every case
 *     |- AgentLoop      the thread that owns Agent; wakes for events, answers and deadlines
 *     |    |- Agent         pure: sessions with all controllers, what the packet path shall do
 *     |    |    `- Failover     pure: which controller to use, and when to move (Candidates, Callers)
 *     |    `- AgentDevice   addresses and routes of the TUN
 *     |- runtime.PacketLoop, core's Forwarder: the packet path, the same as in a controller
 *     |    `- ProbeFilter   takes the answers to our probes out of what goes to the kernel
 *     `- ControlSocket  status, use and down, for root on this machine
 *   Pack            a clientpack, read by PackReader      Trouble   what to do when nobody answers
 * </pre>
 *
 * Of the other packages it uses runtime, linux and core, of cli what surrounds a command, and of
 * api the script for stock WireGuard.
 */
@NullMarked
package io.peermesh.agent;

import org.jspecify.annotations.NullMarked;

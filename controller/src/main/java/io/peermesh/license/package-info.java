/**
 * License files: armored claims signed with the operator's issuer key (Ed25519, RFC 8032), and the
 * addresses that follow from them.
 */
@NullMarked
package io.peermesh.license;

import org.jspecify.annotations.NullMarked;
